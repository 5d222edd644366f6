import type { RequestHandler } from 'express';
import type { IDataObject } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { startSimulator, type Simulator } from '../../../simulator/index.mts';
import { HostileService } from '../../support/hostileService.mts';
import { byId, NodeHost, textOf } from '../harness/nodeHost.mts';

const URL_HERE = 'http://127.0.0.1:9/';
const UPSERT = {
	url: URL_HERE,
	events: ['session.completed'],
	secretSource: 'entered',
	secret: 's',
};
const own = (id: unknown) => ({ id, url: URL_HERE, events: ['session.completed'], active: true });
let simulator: Simulator;
let service: HostileService;
let host: NodeHost;

beforeEach(async () => {
	simulator = await startSimulator();
	service = new HostileService();
	await service.start();
	host = new NodeHost(simulator);
	host.credential = { baseUrl: service.origin };
});
afterEach(async () => {
	await service.stop();
	await simulator.close();
});

const json =
	(body: unknown, status = 200): RequestHandler =>
	(_request, response) =>
		void response.status(status).json(body);
/** Answers each method with what is next in its list, and the last of it from then on. */
const inTurn = (answers: Record<string, RequestHandler[]>): RequestHandler =>
	function (request, response, next) {
		const list = answers[request.method] ?? [json({}, 404)];
		return (list.length > 1 ? list.shift()! : list[0]!)(request, response, next);
	};

describe('an answer that is shaped otherwise', () => {
	it('may have the account without an envelope', async () => {
		service.answer = json({ id: 'acc_1' });
		expect(await host.json('account.get')).toEqual([{ id: 'acc_1' }]);
	});

	it('may say nothing of the webhook that was updated', async () => {
		service.answer = json(null);
		const parameters = { webhook: byId('wh_1'), updateFields: { active: false } };
		expect(await host.json('webhook.update', parameters)).toEqual([{ id: 'wh_1', active: false }]);
	});

	it('may say nothing of a test', async () => {
		service.answer = json('sent');
		const parameters = { webhook: byId('wh_1'), eventType: 'session.failed' };
		expect(await host.json('webhook.sendTest', parameters)).toHaveLength(1);
	});

	it('may have numbers for ids', async () => {
		service.answer = json([own(7)]);
		expect(await host.json('webhook.getAll', { returnAll: true })).toMatchObject([{ id: '7' }]);
	});

	it.each<[string, number, RegExp]>([
		['a list', 200, /contains no list of webhooks/],
		['a reason', 400, /rejected the request \(400\)/],
	])('is a fault where nothing stands for %s', async (_, status, told) => {
		service.answer = json(null, status);
		expect(await textOf(host.run('webhook.getAll', { returnAll: true }))).toMatch(told);
	});

	it.each<[string, IDataObject, RegExp]>([
		['webhook.create', { ...UPSERT, active: true }, /may have been created all the same/],
		['session.create', { sessionType: 'dowsing', target: 'A well' }, /may have been started/],
		['analysis.submit', { targetType: 'location' }, /may have been queued all the same/],
	])('is no proof that nothing was done: %s', async (operation, parameters, told) => {
		for (const answer of [json('created', 201), json(null, 201)]) {
			service.answer = answer;
			expect(await textOf(host.run(operation, parameters))).toMatch(told);
		}
		service.answer = service.endless('"', 'x');
		expect(await textOf(host.run(operation, parameters))).toMatch(told);
	});

	it('is a fault of the connection where it is cut in the middle', async () => {
		service.answer = (_request, response) => {
			response.type('json').write('[');
			setTimeout(() => response.destroy(), 100);
		};
		// Not one that is made again.
		const parameters = { sessionType: 'dowsing', target: 'A well' };
		expect(await textOf(host.run('session.create', parameters))).toMatch(/could not be reached/);
	});
});

describe('the list to pick from', () => {
	it.each<[string, object, string]>([
		['active', { active: true }, 'active'],
		['active by its status alone', { active: undefined, status: 'enabled' }, 'active'],
		['paused', { active: false }, 'paused'],
		['paused by its status', { active: undefined, status: 'paused' }, 'paused'],
		['paused, although its status says active', { active: false, status: 'active' }, 'paused'],
		['paused, with a status that is no text', { active: false, status: 7 }, 'paused'],
		['paused, with a status that is blank', { active: false, status: ' \u202e' }, 'paused'],
		['failed', { active: false, status: 'failed' }, 'failed'],
		['failed, written otherwise', { active: true, status: 'FAILED' }, 'failed'],
		['as the service names it', { active: false, status: 'Suspended' }, 'Suspended'],
		['in one line', { active: false, status: 'on\n\u202ehold' }, 'on hold'],
		['without the key', { active: false, status: 'KEY' }, '…'],
		['cut where it is long', { active: false, status: 'x'.repeat(999) }, 'x'.repeat(300)],
	])('says that a webhook is %s', async (_, webhook, state) => {
		const sent = JSON.stringify({ ...own('wh_1'), ...webhook });
		service.answer = json([JSON.parse(sent.replace('KEY', simulator.apiKey))]);
		expect((await host.search()).results).toEqual([
			{ name: `${URL_HERE} (${state})`, value: 'wh_1' },
		]);
	});
});

describe('Create or Update', () => {
	it('says what the service says where it cannot create', async () => {
		service.answer = inTurn({ GET: [json([])], POST: [json({ message: 'no room' }, 400)] });
		expect(await textOf(host.run('webhook.upsert', UPSERT))).toMatch(/\(400: no room\)/);
	});

	it('says no more where the former webhook is still there', async () => {
		service.answer = inTurn({
			GET: [json([own('wh_1')])],
			POST: [json({ message: 'no room' }, 400)],
			DELETE: [json({})],
		});
		const told = await textOf(host.run('webhook.upsert', UPSERT));
		expect(told).toMatch(/\(400: no room\)/);
		expect(told).not.toContain('has been removed');
	});

	it.each([
		[['wh_1', 'wh_2'], 'wh_1', 'wh_2'],
		[['wh_3', 'wh_2'], 'wh_2', 'wh_3'],
	])('made twice at once, keeps the one that sorts first of %j', async (ids, kept, removed) => {
		service.answer = inTurn({
			GET: [json([]), json(ids.map(own))],
			POST: [json(own('wh_2'), 201)],
			DELETE: [json({})],
		});
		expect(await host.json('webhook.upsert', UPSERT)).toMatchObject([{ id: kept }]);
		const removals = service.calls.filter((call) => call.startsWith('DELETE'));
		expect(removals).toEqual([`DELETE /webhooks/${removed}`]);
	});
});
