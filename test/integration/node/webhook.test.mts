import { beforeEach, describe, expect, it } from '@jest/globals';

import {
	calls,
	create,
	existing,
	forEachTest,
	host,
	simulator,
	url,
} from '../harness/managing.mts';
import { byId, textOf as text } from '../harness/nodeHost.mts';

forEachTest();

describe('Get', () => {
	it('gives the webhook as the list has it', async () => {
		const id = await existing();
		const { secret: _, ...webhook } = simulator.webhooks()[0]!;
		expect(await host.json('webhook.get', { webhook: byId(id) })).toEqual([webhook]);
	});

	it('finds it on the last of many pages', async () => {
		for (let index = 0; index < 120; index++) await existing(`${url}/${index}`);
		const { id } = simulator.webhooks().at(-1)!;
		expect(await host.json('webhook.get', { webhook: byId(id) })).toMatchObject([{ id }]);
	});

	it('looks once, however many are asked for', async () => {
		const ids = [await existing(), await existing()];
		const items = ids.map((id) => ({ json: { id } }));
		const before = calls().length;
		const webhook = { __rl: true, mode: 'id', value: '={{ $json.id }}' };
		expect(await host.json('webhook.get', { webhook }, items)).toMatchObject(
			ids.map((id) => ({ id })),
		);
		expect(calls().slice(before)).toHaveLength(1);
	});

	it('says so where there is none', async () => {
		expect(await text(host.run('webhook.get', { webhook: byId('wh_none') }))).toBe(
			'There is no webhook wh_none [item 0] | Check the ID, and that it belongs to the account and environment of the MindPeeker credential.',
		);
	});

	it.each([
		'https://api.mindpeeker.com/v1/webhooks/ID?x=1',
		'https://app.mindpeeker.com/webhooks/ID/log',
	])('takes the address %s', async (address) => {
		const id = await existing();
		const webhook = { __rl: true, mode: 'url', value: address.replace('ID', id) };
		expect(await host.json('webhook.get', { webhook })).toMatchObject([{ id }]);
	});
});

describe('Get Many', () => {
	it('gives those that receive at least one of the events that are asked for', async () => {
		const parameters = { url: `${url}/own`, secretSource: 'generate' };
		const [one] = await create({ ...parameters, events: ['session.completed'] });
		await create({ ...parameters, events: ['dowsing.query_completed'] });
		const filters = { events: ['session.completed', 'session.failed'], url: `${url}/own` };
		const found = await host.json('webhook.getAll', { returnAll: true, filters });
		expect(found.map(({ id }) => id)).toEqual([one?.id]);
	});

	beforeEach(async () => {
		for (let index = 0; index < 120; index++) await existing(`${url}/${index}`);
		simulator.pauseWebhook(simulator.webhooks()[3]!.id);
	});
	const many = async (parameters: object) => await host.json('webhook.getAll', { ...parameters });

	it('gives up to a limit, and asks for no more pages than it needs', async () => {
		const before = calls().length;
		expect(await many({ returnAll: false, limit: 50 })).toHaveLength(50);
		expect(calls().slice(before)).toMatchObject([
			{ method: 'GET', path: '/v1/webhooks?limit=100' },
		]);
	});

	it('gives all of them, of every page', async () => {
		expect(await many({ returnAll: true })).toHaveLength(120);
	});

	it('filters by activity, by event and by url, before it counts', async () => {
		expect(await many({ limit: 5, filters: { active: false } })).toMatchObject([{ active: false }]);
		expect(await many({ returnAll: true, filters: { events: ['system.security_alert'] } })).toEqual(
			[],
		);
		expect(
			await many({ returnAll: true, filters: { events: ['session.failed'], url: '/HOOKS/1/11' } }),
		).toHaveLength(11);
	});

	it('gives no item where there is none', async () => {
		expect(await many({ returnAll: true, filters: { url: 'elsewhere' } })).toEqual([]);
	});
});

describe('Update', () => {
	it('changes the events, and pauses', async () => {
		const id = await existing();
		const updateFields = { events: ['analysis.completed'], active: false };
		expect(await host.json('webhook.update', { webhook: byId(id), updateFields })).toMatchObject([
			{ id, events: ['analysis.completed'], active: false, url },
		]);
		expect(calls().at(-1)).toEqual({
			method: 'PATCH',
			path: `/v1/webhooks/${id}`,
			body: { events: ['analysis.completed'], active: false },
		});
	});

	it('refuses to change nothing', async () => {
		const running = host.run('webhook.update', { webhook: byId('wh_1'), updateFields: {} });
		expect(await text(running)).toMatch(/Nothing is to be updated.*\| Add at least one field/);
	});

	it('says so where there is no such webhook, in the words of the service as well', async () => {
		const updateFields = { active: true };
		expect(
			await text(host.run('webhook.update', { webhook: byId('wh_no'), updateFields })),
		).toMatch(
			/^MindPeeker has no webhook wh_no \(404: There is no such webhook\)\. \[item 0\] \| Check the ID/,
		);
	});
});

describe('Delete', () => {
	it('removes the webhook', async () => {
		const id = await existing();
		expect(await host.json('webhook.delete', { webhook: byId(id) })).toEqual([{ deleted: true }]);
		expect(simulator.webhooks()).toEqual([]);
	});

	it('says so where there is none', async () => {
		expect(await text(host.run('webhook.delete', { webhook: byId('wh_no') }))).toMatch(
			/has no webhook/,
		);
	});

	it('says so where there is none, after a rate limit as well', async () => {
		simulator.faults.add({ on: 'api', kind: 'answer', status: 429, retryAfter: 0, times: 1 });
		expect(await text(host.run('webhook.delete', { webhook: byId('wh_no') }))).toMatch(
			/has no webhook/,
		);
	});

	it('has succeeded where the answer was lost and it is gone at the next attempt', async () => {
		const id = await existing();
		simulator.faults.add({ on: 'api', kind: 'lost-answer', method: 'DELETE', times: 1 });
		expect(await host.json('webhook.delete', { webhook: byId(id) })).toEqual([{ deleted: true }]);
		expect(calls().slice(1)).toMatchObject([{ method: 'DELETE' }, { method: 'DELETE' }]);
	});
});

describe('Send Test Event', () => {
	it('asks for one of this type, with this data', async () => {
		const id = await existing();
		const parameters = {
			webhook: byId(id),
			eventType: 'session.failed',
			testData: '{ "session_id": "sess_9" }',
		};
		expect(await host.json('webhook.sendTest', parameters)).toMatchObject([
			{ event_type: 'session.failed', webhook_id: id },
		]);
		expect(calls().at(-1)).toEqual({
			method: 'POST',
			path: `/v1/webhooks/${id}/test`,
			body: { event_type: 'session.failed', test_data: { session_id: 'sess_9' } },
		});
	});

	it('sends no data where none is entered', async () => {
		const id = await existing();
		await host.run('webhook.sendTest', {
			webhook: byId(id),
			eventType: 'session.failed',
			testData: '{}',
		});
		expect(calls().at(-1)?.body).toEqual({ event_type: 'session.failed' });
	});

	it.each(['[]', '"text"', '{', 'null', '12'])('refuses the test data %s', async (testData) => {
		const parameters = { webhook: byId('wh_1'), eventType: 'session.failed', testData };
		expect(await text(host.run('webhook.sendTest', parameters))).toMatch(
			/^Test Data is not a JSON object \[item 0\] \| Enter one/,
		);
		expect(calls()).toEqual([]);
	});
});

describe('the list to pick from', () => {
	it('shows url and state, and finds by a part of either url or id', async () => {
		const first = await existing(`${url}/first`);
		const second = await existing(`${url}/second`);
		simulator.pauseWebhook(second);
		expect(await host.search()).toEqual({
			results: [
				{ name: `${url}/first (active)`, value: first },
				{ name: `${url}/second (paused)`, value: second },
			],
		});
		expect((await host.search('SECOND')).results).toMatchObject([{ value: second }]);
		expect((await host.search(first)).results).toMatchObject([{ value: first }]);
	});

	it('says what is wrong, and what to do', async () => {
		host.credential = { apiKey: 'wrong' };
		expect(await text(host.search())).toMatch(/does not accept the API key.*Enter a valid key/);
	});
});
