import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { fakeOnly } from '../support/jest.mts';

import type { ApiConnection } from '../../nodes/shared/api.ts';
import { webhookApi } from '../../nodes/shared/webhooks.ts';

/** A list of so many pages, each of which takes so long, and has so many webhooks. */
async function listOf({ pages = 1, msEach = 0, webhooksEach = 1, more = '' }) {
	let page = 0;
	const call = async () => {
		jest.advanceTimersByTime(msEach);
		const data = Array.from({ length: webhooksEach }, (_, index) => ({
			id: `wh_${page}_${index}`,
			more,
		}));
		return { data, has_more: ++page < pages, next_cursor: `page-${page}` };
	};
	const unintelligible = (detail: string) => new Error(detail);
	const api = { call, unintelligible, patienceMs: 120_000 };
	return await webhookApi(api as unknown as ApiConnection).list();
}

describe('a list of webhooks', () => {
	beforeEach(() => void jest.useFakeTimers(fakeOnly('performance')));
	afterEach(() => void jest.useRealTimers());

	it.each([
		['a hundred pages', { pages: 100 }, 100],
		['ten thousand webhooks', { webhooksEach: 10_000 }, 10_000],
		['much text', { pages: 7, more: 'x'.repeat(1024 * 1024) }, 7],
		['pages of two minutes in all', { pages: 4, msEach: 30_000 }, 4],
	])('of %s is read', async (_, list, count) => {
		expect(await listOf(list)).toHaveLength(count);
	});

	it.each([
		['more pages', { pages: 101 }],
		['more webhooks', { webhooksEach: 10_001 }],
		['more webhooks on all its pages', { pages: 11, webhooksEach: 1_000 }],
		['more text than any account has', { pages: 9, more: 'x'.repeat(1024 * 1024) }],
		['pages of more than two minutes', { pages: 5, msEach: 30_000 }],
	])('of %s is given up', async (_, list) => {
		await expect(listOf(list)).rejects.toThrow('its list of webhooks does not end');
	});
});
