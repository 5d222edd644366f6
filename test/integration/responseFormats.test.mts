import { beforeEach, describe, expect, it } from '@jest/globals';

import { events, setUpEachTest, host, simulator } from './harness/triggerSetup.mts';
import { useFastScrypt } from './harness/fastScrypt.mts';

useFastScrypt();

setUpEachTest();

describe('undocumented formats of responses', () => {
	const webhook = () => ({ id: 'wh_1', url: host.url, events, active: true });
	const respond = (method: string, status: number, body: unknown, times = 1) =>
		simulator.faults.add({
			on: 'api',
			method,
			path: '/webhooks',
			kind: 'response',
			status,
			body,
			times,
		});

	beforeEach(() => {
		const registration = { webhookId: 'wh_1', generatedSecret: 'generated' };
		host.savedStaticData = { 'node:MindPeeker Trigger': { registration } };
	});

	it.each<[string, () => unknown]>([
		['a list under "data"', () => ({ data: [webhook()], has_more: false, next_cursor: null })],
		['a list under "webhooks"', () => ({ webhooks: [webhook()] })],
		['an array', () => [webhook()]],
		[
			'a webhook with the status "active"',
			() => [{ ...webhook(), active: undefined, status: 'active' }],
		],
		['a list with invalid entries', () => [null, 7, {}, webhook()]],
		[
			'a webhook with invalid events',
			() => [{ ...webhook(), events: [...events, 7, null, { toString: '' }] }],
		],
		['a list without a next page', () => ({ data: [webhook()], next_cursor: false })],
		['a last page with a cursor', () => ({ data: [webhook()], has_more: false, next_cursor: {} })],
		['a duplicate webhook', () => [webhook(), webhook()]],
	])('accepts %s', async (_, body) => {
		respond('GET', 200, body());
		expect(await host.run('checkExists')).toBe(true);
	});

	it.each(['failed', 'paused', 'disabled', 'inactive', 'active no more'])(
		'activates a webhook with the status "%s"',
		async (status) => {
			respond('GET', 200, [{ ...webhook(), active: undefined, status }]);
			expect(await host.run('checkExists')).toBe(false);
		},
	);

	it.each<[string, unknown]>([
		['text', '<html>It works!</html>'],
		['nothing', null],
		['an object without a list', { error: 'no' }],
	])('rejects %s instead of a list', async (_, body) => {
		respond('GET', 200, body);
		await expect(host.run('checkExists')).rejects.toThrow(/not MindPeeker's API.*base URL/);
	});

	it('rejects an incomplete list, and deletes nothing', async () => {
		const saved = structuredClone(host.savedStaticData);
		respond('GET', 200, { data: [], has_more: true }, 2);
		await expect(host.run('checkExists')).rejects.toThrow(/is incomplete/);
		await expect(host.run('delete')).rejects.toThrow(/is incomplete/);
		expect(host.savedStaticData).toEqual(saved);
	});

	it.each([{ toString: '' }, true, []])('rejects the cursor %j', async (cursor) => {
		respond('GET', 200, { data: [webhook()], next_cursor: cursor });
		await expect(host.run('checkExists')).rejects.toThrow(/is incomplete/);
	});

	it('accepts a numeric cursor', async () => {
		respond('GET', 200, { data: [], next_cursor: 0 });
		respond('GET', 200, { data: [webhook()] });
		expect(await host.run('checkExists')).toBe(true);
		expect(simulator.requests().at(-1)?.path).toContain('cursor=0');
	});

	it('activates a new webhook that is not active', async () => {
		respond('POST', 201, { ...webhook(), id: 'wh_2', active: false });
		const changes = { on: 'api', method: 'PATCH', path: '/webhooks/wh_2' } as const;
		simulator.faults.add({ ...changes, kind: 'response', status: 200, body: {} });
		await host.run('create');
		const patch = simulator.requests().find(({ method }) => method === 'PATCH');
		expect(patch).toMatchObject({ path: '/v1/webhooks/wh_2', body: { active: true } });
	});

	it('accepts a webhook that is on two pages', async () => {
		respond('GET', 200, { data: [webhook()], has_more: true, next_cursor: 'next' });
		respond('GET', 200, { data: [webhook()], has_more: false });
		expect(await host.run('checkExists')).toBe(true);
	});

	it('rejects a repeated page', async () => {
		respond('GET', 200, { data: [webhook()], has_more: true, next_cursor: 'again' }, 3);
		await expect(host.run('checkExists')).rejects.toThrow(/repeats a page/);
	});

	it('rejects a new webhook without an ID, and stores nothing', async () => {
		const saved = structuredClone(host.savedStaticData);
		respond('POST', 201, { ok: true });
		await expect(host.run('create')).rejects.toThrow(
			/its response contains no ID for the new webhook/,
		);
		expect(host.savedStaticData).toEqual(saved);
		expect(host.log.map(({ message }) => message)).toEqual([
			expect.stringMatching(/may be left in MindPeeker: the response contained no ID/),
		]);
	});
});
