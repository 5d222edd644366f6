import { OperationalError } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { fakeOnly } from '../../support/jest.mts';

import type { ApiConnection, ApiRequest } from '../../../nodes/shared/api/connection.ts';
import { createWebhookApi } from '../../../nodes/shared/api/webhooks.ts';

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
	const createInvalidResponseError = (problem: string) => new Error(problem);
	const api = { request, createInvalidResponseError, totalTimeoutMs: 120_000 };
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
			createInvalidResponseError: (problem: string) => new Error(problem),
			totalTimeoutMs: 120_000,
		};
		await expect(createWebhookApi(api as unknown as ApiConnection).list()).rejects.toThrow(
			'its response contains no list of webhooks',
		);
	});
});

describe('removeAll', () => {
	beforeEach(() => void jest.useFakeTimers(fakeOnly('performance')));
	afterEach(() => void jest.useRealTimers());

	/** Returns the requested paths. */
	async function removeAll(count: number, msEach: number): Promise<string[]> {
		const paths: string[] = [];
		const request = async ({ path }: ApiRequest) => {
			paths.push(path);
			await Promise.resolve(jest.advanceTimersByTime(msEach));
		};
		const api = { request, totalTimeoutMs: 120_000 } as unknown as ApiConnection;
		const ids = Array.from({ length: count }, (_, index) => `wh_${index}`);
		await createWebhookApi(api).removeAll(ids);
		return paths;
	}

	it('removes all in order', async () => {
		const ids = ['wh_0', 'wh_1', 'wh_2', 'wh_3'];
		expect(await removeAll(4, 30_000)).toEqual(ids.map((id) => `/webhooks/${id}`));
	});

	it('throws at the deadline', async () => {
		await expect(removeAll(5, 30_000)).rejects.toThrow(OperationalError);
		await expect(removeAll(5, 30_000)).rejects.toThrow(/took longer than 2 minutes\. Try again/);
		expect(await removeAll(5, 29_999)).toHaveLength(5);
	});
});
