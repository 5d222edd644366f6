import { OperationalError } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { fakeOnly } from '../../support/jest.mts';

import type { ApiConnection } from '../../../nodes/shared/api/connection.ts';
import { createWebhookApi, untilDeadline } from '../../../nodes/shared/api/webhooks.ts';

async function fetchList({ pages = 1, msEach = 0, webhooksEach = 1, more = '' }) {
	let page = 0;
	const request = async () => {
		jest.advanceTimersByTime(msEach);
		const data = Array.from({ length: webhooksEach }, (_, index) => ({
			id: `wh_${page}_${index}`,
			more,
		}));
		return { data, has_more: ++page < pages, next_cursor: `page-${page}` };
	};
	const invalidResponse = (problem: string) => new Error(problem);
	const api = { request, invalidResponse, totalTimeoutMs: 120_000 };
	return await createWebhookApi(api as unknown as ApiConnection).list();
}

describe('a list of webhooks', () => {
	beforeEach(() => void jest.useFakeTimers(fakeOnly('performance')));
	afterEach(() => void jest.useRealTimers());

	it.each([
		['a hundred pages', { pages: 100 }, 100],
		['ten thousand webhooks', { webhooksEach: 10_000 }, 10_000],
		['long texts', { pages: 7, more: 'x'.repeat(1024 * 1024) }, 7],
		['pages that take two minutes', { pages: 4, msEach: 30_000 }, 4],
	])('with %s is accepted', async (_, list, count) => {
		expect(await fetchList(list)).toHaveLength(count);
	});

	it.each([
		['too many pages', { pages: 101 }],
		['too many webhooks', { webhooksEach: 10_001 }],
		['too many webhooks on several pages', { pages: 11, webhooksEach: 1_000 }],
		['texts that are too long', { pages: 9, more: 'x'.repeat(1024 * 1024) }],
		['pages that take more than two minutes', { pages: 5, msEach: 30_000 }],
	])('with %s is rejected', async (_, list) => {
		await expect(fetchList(list)).rejects.toThrow('its list of webhooks does not end');
	});

	it.each([null, 'text', { data: {} }])('is rejected if the response is %j', async (response) => {
		const api = {
			request: async () => await Promise.resolve(response),
			invalidResponse: (problem: string) => new Error(problem),
			totalTimeoutMs: 120_000,
		};
		await expect(createWebhookApi(api as unknown as ApiConnection).list()).rejects.toThrow(
			'its response contains no list of webhooks',
		);
	});
});

describe('untilDeadline', () => {
	beforeEach(() => void jest.useFakeTimers(fakeOnly('performance')));
	afterEach(() => void jest.useRealTimers());

	function iterate(count: number, msEach: number): number[] {
		const yielded: number[] = [];
		const ids = Array.from({ length: count }, (_, index) => index);
		for (const id of untilDeadline(ids, 120_000)) {
			yielded.push(id);
			jest.advanceTimersByTime(msEach);
		}
		return yielded;
	}

	it('yields all in order', () => {
		expect(iterate(4, 30_000)).toEqual([0, 1, 2, 3]);
	});

	it('throws at the deadline', () => {
		expect(() => iterate(5, 30_000)).toThrow(OperationalError);
		expect(() => iterate(5, 30_000)).toThrow(/took longer than 2 minutes\. Try again/);
		expect(iterate(5, 29_999)).toHaveLength(5);
	});
});
