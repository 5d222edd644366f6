import { beforeEach, describe, expect, it } from '@jest/globals';

import {
	getRequests,
	createWebhook,
	addWebhook,
	setUpEachTest,
	host,
	simulator,
	url,
} from '../harness/nodeSetup.mts';
import { byId, getErrorText } from '../harness/nodeHost.mts';

setUpEachTest();

describe('Get', () => {
	it('returns the webhook from the list', async () => {
		const id = await addWebhook();
		const { secret: _, ...webhook } = simulator.webhooks()[0]!;
		expect(await host.json('webhook.get', { webhook: byId(id) })).toEqual([webhook]);
	});

	it('finds it on the last of many pages', async () => {
		for (let index = 0; index < 120; index++) await addWebhook(`${url}/${index}`);
		const { id } = simulator.webhooks().at(-1)!;
		expect(await host.json('webhook.get', { webhook: byId(id) })).toMatchObject([{ id }]);
	});

	it('sends one request for all items', async () => {
		const ids = [await addWebhook(), await addWebhook()];
		const items = ids.map((id) => ({ json: { id } }));
		const before = getRequests().length;
		const webhook = { __rl: true, mode: 'id', value: '={{ $json.id }}' };
		expect(await host.json('webhook.get', { webhook }, items)).toMatchObject(
			ids.map((id) => ({ id })),
		);
		expect(getRequests().slice(before)).toHaveLength(1);
	});

	it('reports an unknown webhook', async () => {
		expect(await getErrorText(host.run('webhook.get', { webhook: byId('wh_none') }))).toBe(
			'There is no webhook wh_none [item 0] | Check the ID, and that it belongs to the account and environment of the MindPeeker credential.',
		);
	});

	it.each([
		'https://api.mindpeeker.com/v1/webhooks/ID?x=1',
		'https://app.mindpeeker.com/webhooks/ID/log',
	])('accepts the URL %s', async (address) => {
		const id = await addWebhook();
		const webhook = { __rl: true, mode: 'url', value: address.replace('ID', id) };
		expect(await host.json('webhook.get', { webhook })).toMatchObject([{ id }]);
	});
});

describe('Get Many', () => {
	it('returns webhooks that receive at least one of the selected events', async () => {
		const parameters = { url: `${url}/own`, secretSource: 'generate' };
		const [expected] = await createWebhook({ ...parameters, events: ['session.completed'] });
		await createWebhook({ ...parameters, events: ['dowsing.query_completed'] });
		const filters = { events: ['session.completed', 'session.failed'], url: `${url}/own` };
		const found = await host.json('webhook.getAll', { returnAll: true, filters });
		expect(found.map(({ id }) => id)).toEqual([expected?.id]);
	});

	beforeEach(async () => {
		for (let index = 0; index < 120; index++) await addWebhook(`${url}/${index}`);
		simulator.pauseWebhook(simulator.webhooks()[3]!.id);
	});
	const getMany = async (parameters: object) =>
		await host.json('webhook.getAll', { ...parameters });

	it('returns webhooks up to the limit, and requests no further pages', async () => {
		const before = getRequests().length;
		expect(await getMany({ returnAll: false, limit: 50 })).toHaveLength(50);
		expect(getRequests().slice(before)).toMatchObject([
			{ method: 'GET', path: '/v1/webhooks?limit=100' },
		]);
	});

	it('returns the webhooks of all pages', async () => {
		expect(await getMany({ returnAll: true })).toHaveLength(120);
	});

	it('applies the filters before the limit', async () => {
		expect(await getMany({ limit: 5, filters: { active: false } })).toMatchObject([
			{ active: false },
		]);
		expect(
			await getMany({ returnAll: true, filters: { events: ['system.security_alert'] } }),
		).toEqual([]);
		expect(
			await getMany({
				returnAll: true,
				filters: { events: ['session.failed'], url: '/HOOKS/1/11' },
			}),
		).toHaveLength(11);
	});

	it('returns no items if no webhook matches', async () => {
		expect(await getMany({ returnAll: true, filters: { url: 'elsewhere' } })).toEqual([]);
	});
});

describe('Update', () => {
	it('changes the events and pauses the webhook', async () => {
		const id = await addWebhook();
		const updateFields = { events: ['analysis.completed'], active: false };
		expect(await host.json('webhook.update', { webhook: byId(id), updateFields })).toMatchObject([
			{ id, events: ['analysis.completed'], active: false, url },
		]);
		expect(getRequests().at(-1)).toEqual({
			method: 'PATCH',
			path: `/v1/webhooks/${id}`,
			body: { events: ['analysis.completed'], active: false },
		});
	});

	it('rejects an update without fields', async () => {
		const running = host.run('webhook.update', { webhook: byId('wh_1'), updateFields: {} });
		expect(await getErrorText(running)).toMatch(
			/There is nothing to update.*\| Add at least one field/,
		);
	});

	it('reports an unknown webhook with the text of the service', async () => {
		const updateFields = { active: true };
		expect(
			await getErrorText(host.run('webhook.update', { webhook: byId('wh_no'), updateFields })),
		).toMatch(
			/^MindPeeker has no webhook wh_no \(404: There is no such webhook\)\. \[item 0\] \| Check the ID/,
		);
	});
});

describe('Delete', () => {
	it('deletes the webhook', async () => {
		const id = await addWebhook();
		expect(await host.json('webhook.delete', { webhook: byId(id) })).toEqual([{ deleted: true }]);
		expect(simulator.webhooks()).toEqual([]);
	});

	it('reports an unknown webhook', async () => {
		expect(await getErrorText(host.run('webhook.delete', { webhook: byId('wh_no') }))).toMatch(
			/has no webhook/,
		);
	});

	it('reports an unknown webhook after a rate limit, too', async () => {
		simulator.faults.add({ on: 'api', kind: 'response', status: 429, retryAfter: 0, times: 1 });
		expect(await getErrorText(host.run('webhook.delete', { webhook: byId('wh_no') }))).toMatch(
			/has no webhook/,
		);
	});

	it('succeeds if the response was lost and the webhook is gone at the retry', async () => {
		const id = await addWebhook();
		simulator.faults.add({ on: 'api', kind: 'lost-response', method: 'DELETE', times: 1 });
		expect(await host.json('webhook.delete', { webhook: byId(id) })).toEqual([{ deleted: true }]);
		expect(getRequests().slice(1)).toMatchObject([{ method: 'DELETE' }, { method: 'DELETE' }]);
	});
});

describe('Send Test Event', () => {
	it('sends the type and the data', async () => {
		const id = await addWebhook();
		const parameters = {
			webhook: byId(id),
			eventType: 'session.failed',
			testData: '{ "session_id": "sess_9" }',
		};
		expect(await host.json('webhook.sendTest', parameters)).toMatchObject([
			{ event_type: 'session.failed', webhook_id: id },
		]);
		expect(getRequests().at(-1)).toEqual({
			method: 'POST',
			path: `/v1/webhooks/${id}/test`,
			body: { event_type: 'session.failed', test_data: { session_id: 'sess_9' } },
		});
	});

	it('sends no data if none is entered', async () => {
		const id = await addWebhook();
		await host.run('webhook.sendTest', {
			webhook: byId(id),
			eventType: 'session.failed',
			testData: '{}',
		});
		expect(getRequests().at(-1)?.body).toEqual({ event_type: 'session.failed' });
	});

	it.each(['[]', '"text"', '{', 'null', '12'])('rejects the test data %s', async (testData) => {
		const parameters = { webhook: byId('wh_1'), eventType: 'session.failed', testData };
		expect(await getErrorText(host.run('webhook.sendTest', parameters))).toMatch(
			/^Test Data must be a JSON object \[item 0\] \| Enter one/,
		);
		expect(getRequests()).toEqual([]);
	});
});

describe('the list of webhooks', () => {
	it('shows URL and state, and can be searched by URL or ID', async () => {
		const first = await addWebhook(`${url}/first`);
		const second = await addWebhook(`${url}/second`);
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

	it('explains an error', async () => {
		host.credential = { apiKey: 'wrong' };
		expect(await getErrorText(host.search())).toMatch(
			/does not accept the API key.*Enter a valid key/,
		);
	});
});
