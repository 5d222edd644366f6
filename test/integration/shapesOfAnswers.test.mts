import { beforeEach, describe, expect, it } from '@jest/globals';

import { events, forEachTest, host, simulator } from './harness/registering.mts';
import { useCheapDigests } from './harness/cheapDigest.mts';

useCheapDigests();

forEachTest();

describe('the answers of the API, whose shape is not documented', () => {
	const own = () => ({ id: 'wh_1', url: host.url, events, active: true });
	const answer = (method: string, status: number, body: unknown, times = 1) =>
		simulator.faults.add({
			on: 'api',
			method,
			path: '/webhooks',
			kind: 'answer',
			status,
			body,
			times,
		});

	beforeEach(() => {
		const registration = { webhookId: 'wh_1', generatedSecret: 'generated' };
		host.savedStaticData = { 'node:MindPeeker Trigger': { registration } };
	});

	it.each<[string, () => unknown]>([
		['a list under "data"', () => ({ data: [own()], has_more: false, next_cursor: null })],
		['a list under "webhooks"', () => ({ webhooks: [own()] })],
		['a bare list', () => [own()]],
		[
			'a webhook with the status "active"',
			() => [{ ...own(), active: undefined, status: 'active' }],
		],
		['entries that are no webhooks', () => [null, 7, {}, own()]],
		[
			'events that are no texts',
			() => [{ ...own(), events: [...events, 7, null, { toString: '' }] }],
		],
		['a list without a next page', () => ({ data: [own()], next_cursor: false })],
		['a last page with a cursor', () => ({ data: [own()], has_more: false, next_cursor: {} })],
		['a webhook that stands twice', () => [own(), own()]],
	])('%s is understood', async (_, body) => {
		answer('GET', 200, body());
		expect(await host.run('checkExists')).toBe(true);
	});

	it.each(['failed', 'paused', 'disabled', 'inactive', 'active no more'])(
		'a webhook with the status "%s" is switched on',
		async (status) => {
			answer('GET', 200, [{ ...own(), active: undefined, status }]);
			expect(await host.run('checkExists')).toBe(false);
		},
	);

	it.each<[string, unknown]>([
		['text', '<html>It works!</html>'],
		['nothing', null],
		['an object without a list', { error: 'no' }],
	])('%s instead of a list is a fault', async (_, body) => {
		answer('GET', 200, body);
		await expect(host.run('checkExists')).rejects.toThrow(/not MindPeeker's API.*base URL/);
	});

	it('a list that breaks off is a fault, and nothing is taken for gone', async () => {
		const saved = structuredClone(host.savedStaticData);
		answer('GET', 200, { data: [], has_more: true }, 2);
		await expect(host.run('checkExists')).rejects.toThrow(/breaks off/);
		await expect(host.run('delete')).rejects.toThrow(/breaks off/);
		expect(host.savedStaticData).toEqual(saved);
	});

	it.each([{ toString: '' }, true, []])('a list with the cursor %j is a fault', async (cursor) => {
		answer('GET', 200, { data: [own()], next_cursor: cursor });
		await expect(host.run('checkExists')).rejects.toThrow(/breaks off/);
	});

	it('a list whose cursor is a number goes on there', async () => {
		answer('GET', 200, { data: [], next_cursor: 0 });
		answer('GET', 200, { data: [own()] });
		expect(await host.run('checkExists')).toBe(true);
		expect(simulator.requests().at(-1)?.path).toContain('cursor=0');
	});

	it('a new webhook that is not active yet is switched on', async () => {
		answer('POST', 201, { ...own(), id: 'wh_2', active: false });
		const changes = { on: 'api', method: 'PATCH', path: '/webhooks/wh_2' } as const;
		simulator.faults.add({ ...changes, kind: 'answer', status: 200, body: {} });
		await host.run('create');
		const patch = simulator.requests().find(({ method }) => method === 'PATCH');
		expect(patch).toMatchObject({ path: '/v1/webhooks/wh_2', body: { active: true } });
	});

	it('a webhook that stands on two pages, as one that moved between them, is one', async () => {
		answer('GET', 200, { data: [own()], has_more: true, next_cursor: 'next' });
		answer('GET', 200, { data: [own()], has_more: false });
		expect(await host.run('checkExists')).toBe(true);
	});

	it('pages that run in a circle are a fault', async () => {
		answer('GET', 200, { data: [own()], has_more: true, next_cursor: 'again' }, 3);
		await expect(host.run('checkExists')).rejects.toThrow(/runs in a circle/);
	});

	it('a new webhook without an id is a fault, and nothing is stored', async () => {
		const saved = structuredClone(host.savedStaticData);
		answer('POST', 201, { ok: true });
		await expect(host.run('create')).rejects.toThrow(/gave no id for the new webhook/);
		expect(host.savedStaticData).toEqual(saved);
		expect(host.log.map(({ message }) => message)).toEqual([
			expect.stringMatching(/may be left in MindPeeker: it has no id by which/),
		]);
	});
});
