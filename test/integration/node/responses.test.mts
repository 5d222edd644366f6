import type { RequestHandler } from 'express';
import type { IDataObject } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { startSimulator, type Simulator } from '../../../simulator/index.mts';
import { FakeServer } from '../../support/fakeServer.mts';
import { byId, NodeHost, getErrorText } from '../harness/nodeHost.mts';

const WEBHOOK_URL = 'http://127.0.0.1:9/';
const UPSERT = {
	url: WEBHOOK_URL,
	events: ['session.completed'],
	secretSource: 'entered',
	secret: 's',
};
const createWebhook = (id: unknown) => ({
	id,
	url: WEBHOOK_URL,
	events: ['session.completed'],
	active: true,
});
let simulator: Simulator;
let service: FakeServer;
let host: NodeHost;

beforeEach(async () => {
	simulator = await startSimulator();
	service = new FakeServer();
	await service.start();
	host = new NodeHost(simulator);
	host.credential = { baseUrl: service.origin };
});
afterEach(async () => {
	await service.stop();
	await simulator.close();
});

const respondWith =
	(body: unknown, status = 200): RequestHandler =>
	(_request, response) =>
		void response.status(status).json(body);
/** Responds to each method with the next handler of its list, and repeats the last one. */
const respondInTurn = (handlers: Record<string, RequestHandler[]>): RequestHandler =>
	function (request, response, next) {
		const list = handlers[request.method] ?? [respondWith({}, 404)];
		return (list.length > 1 ? list.shift()! : list[0]!)(request, response, next);
	};

describe('an unusual response', () => {
	it('can contain the account without an envelope', async () => {
		service.handler = respondWith({ id: 'acc_1' });
		expect(await host.json('account.get')).toEqual([{ id: 'acc_1' }]);
	});

	it('can omit the updated webhook', async () => {
		service.handler = respondWith(null);
		const parameters = { webhook: byId('wh_1'), updateFields: { active: false } };
		expect(await host.json('webhook.update', parameters)).toEqual([{ id: 'wh_1', active: false }]);
	});

	it('can omit details of a test event', async () => {
		service.handler = respondWith('sent');
		const parameters = { webhook: byId('wh_1'), eventType: 'session.failed' };
		expect(await host.json('webhook.sendTest', parameters)).toHaveLength(1);
	});

	it('can contain numbers as IDs', async () => {
		service.handler = respondWith([createWebhook(7)]);
		expect(await host.json('webhook.getAll', { returnAll: true })).toMatchObject([{ id: '7' }]);
	});

	it.each<[string, number, RegExp]>([
		['a list', 200, /contains no list of webhooks/],
		['a reason', 400, /rejected the request \(400\)/],
	])('is an error if it is null instead of %s', async (_, status, text) => {
		service.handler = respondWith(null, status);
		expect(await getErrorText(host.run('webhook.getAll', { returnAll: true }))).toMatch(text);
	});

	it.each<[string, IDataObject, RegExp]>([
		['webhook.create', { ...UPSERT, active: true }, /may have been created/],
		['session.create', { sessionType: 'dowsing', target: 'A well' }, /may have been created/],
		['analysis.submit', { targetType: 'location' }, /may have been queued/],
	])('means that the request may have succeeded: %s', async (operation, parameters, text) => {
		for (const handler of [respondWith('created', 201), respondWith(null, 201)]) {
			service.handler = handler;
			expect(await getErrorText(host.run(operation, parameters))).toMatch(text);
		}
		service.handler = service.endless('"', 'x');
		expect(await getErrorText(host.run(operation, parameters))).toMatch(text);
	});

	it('is a connection error if it breaks off', async () => {
		service.handler = (_request, response) => {
			response.type('json').write('[');
			setTimeout(() => response.destroy(), 100);
		};
		// This request is not retried.
		const parameters = { sessionType: 'dowsing', target: 'A well' };
		expect(await getErrorText(host.run('session.create', parameters))).toMatch(
			/could not be reached/,
		);
	});
});

describe('the list of webhooks', () => {
	it.each<[string, object, string]>([
		['active', { active: true }, 'active'],
		['active according to its status', { active: undefined, status: 'enabled' }, 'active'],
		['paused', { active: false }, 'paused'],
		['paused according to its status', { active: undefined, status: 'paused' }, 'paused'],
		['paused even if its status is active', { active: false, status: 'active' }, 'paused'],
		['paused if its status is not a text', { active: false, status: 7 }, 'paused'],
		['paused if its status is blank', { active: false, status: ' \u202e' }, 'paused'],
		['failed', { active: false, status: 'failed' }, 'failed'],
		['failed in uppercase', { active: true, status: 'FAILED' }, 'failed'],
		['in the state that the service returns', { active: false, status: 'Suspended' }, 'Suspended'],
		['in a state on one line', { active: false, status: 'on\n\u202ehold' }, 'on hold'],
		['in a state without the API key', { active: false, status: 'KEY' }, '…'],
		['in a truncated state', { active: false, status: 'x'.repeat(999) }, 'x'.repeat(300)],
	])('shows a webhook that is %s', async (_, webhook, state) => {
		const json = JSON.stringify({ ...createWebhook('wh_1'), ...webhook });
		service.handler = respondWith([JSON.parse(json.replace('KEY', simulator.apiKey))]);
		expect((await host.search()).results).toEqual([
			{ name: `${WEBHOOK_URL} (${state})`, value: 'wh_1' },
		]);
	});
});

describe('Create or Update', () => {
	it('shows the text of the service if it cannot create a webhook', async () => {
		service.handler = respondInTurn({
			GET: [respondWith([])],
			POST: [respondWith({ message: 'no room' }, 400)],
		});
		expect(await getErrorText(host.run('webhook.upsert', UPSERT))).toMatch(/\(400: no room\)/);
	});

	it('does not report a removed webhook if it still exists', async () => {
		service.handler = respondInTurn({
			GET: [respondWith([createWebhook('wh_1')])],
			POST: [respondWith({ message: 'no room' }, 400)],
			DELETE: [respondWith({})],
		});
		const text = await getErrorText(host.run('webhook.upsert', UPSERT));
		expect(text).toMatch(/\(400: no room\)/);
		expect(text).not.toContain('was removed');
	});

	it.each([
		[['wh_1', 'wh_2'], 'wh_1', 'wh_2'],
		[['wh_3', 'wh_2'], 'wh_2', 'wh_3'],
	])(
		'with two webhooks created at the same time, keeps the one with the first ID of %j',
		async (ids, kept, removed) => {
			service.handler = respondInTurn({
				GET: [respondWith([]), respondWith(ids.map(createWebhook))],
				POST: [respondWith(createWebhook('wh_2'), 201)],
				DELETE: [respondWith({})],
			});
			expect(await host.json('webhook.upsert', UPSERT)).toMatchObject([{ id: kept }]);
			const removals = service.requests.filter((call) => call.startsWith('DELETE'));
			expect(removals).toEqual([`DELETE /webhooks/${removed}`]);
		},
	);
});
