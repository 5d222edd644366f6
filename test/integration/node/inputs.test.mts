import type { IDataObject } from 'n8n-workflow';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { startSimulator, type Simulator } from '../../../simulator/index.mts';
import { byId, NodeHost, textOf } from '../harness/nodeHost.mts';

const SESSION = { sessionType: 'dowsing', target: 'A well' };
const WEBHOOK = { url: 'http://127.0.0.1:9/', events: ['session.completed'], active: true };
let simulator: Simulator;
let host: NodeHost;

beforeAll(async () => {
	simulator = await startSimulator({ timeFactor: 100_000 });
});
beforeEach(() => {
	host = new NodeHost(simulator);
});
afterAll(async () => await simulator.close());

describe('what an expression, a sheet or an AI agent may give', () => {
	it.each<[string, string, IDataObject, RegExp]>([
		['an empty id', 'webhook.get', { webhook: byId('') }, /^No webhook is chosen/],
		[
			'no fields',
			'webhook.update',
			{ webhook: byId('wh_1'), updateFields: null },
			/^Nothing is to be updated/,
		],
		[
			'dots for the id of a webhook',
			'webhook.delete',
			{ webhook: byId('..') },
			/^".." is not an ID/,
		],
		['dots for that of a session', 'session.get', { sessionId: '.' }, /^"." is not an ID/],
		[
			'several events for a test',
			'webhook.sendTest',
			{ webhook: byId('wh_1'), eventType: 'session.failed,session.created' },
			/^A test event has one type/,
		],
		['no text', 'session.create', { ...SESSION, target: '={{ {} }}' }, /^Target is empty/],
		[
			'a source of the secret that there is not',
			'webhook.create',
			{ ...WEBHOOK, secretSource: 'enter', secret: 'mine' },
			/^Signing Secret cannot be "enter" .*credential or entered/,
		],
		[
			'a secret that is no text',
			'webhook.create',
			{ ...WEBHOOK, secretSource: 'entered', secret: '={{ 7 }}' },
			/^The secret is not a text/,
		],
		[
			'events that are none',
			'webhook.create',
			{ ...WEBHOOK, secretSource: 'generate', events: '={{ [null, ""] }}' },
			/^No event is chosen/,
		],
		[
			'data of a test that is no object',
			'webhook.sendTest',
			{ webhook: byId('wh_1'), eventType: 'session.failed', testData: '={{ [1] }}' },
			/is not a JSON object/,
		],
	])('%s is refused in words', async (_, operation, parameters, told) => {
		expect(await textOf(host.run(operation, parameters))).toMatch(told);
	});

	it.each<[string, string]>([
		[
			'webhook.paint',
			'There is no operation "paint" of the resource "webhook" | Choose one of create, upsert, delete, get, getAll, sendTest, update.',
		],
		[
			'webhooks.create',
			'There is no resource "webhooks" | Choose one of account, analysis, event, session, webhook.',
		],
		['undefined.get', expect.stringContaining('There is no resource "undefined"') as never],
	])('%s, which there is not, is refused with what there is', async (operation, told) => {
		expect(await textOf(host.run(operation))).toEqual(told);
	});

	it.each<[string, string, object]>([
		['an object', '={{ { "session_id": "s" } }}', { session_id: 's' }],
		['a text', '{ "session_id": "s" }', { session_id: 's' }],
		['a blank', ' ', {}],
	])('data of a test may be %s', async (_, testData, sent) => {
		const [created] = await host.json('webhook.create', { ...WEBHOOK, secretSource: 'generate' });
		const webhook = byId(String(created?.id));
		await host.run('webhook.sendTest', { webhook, eventType: 'session.failed', testData });
		const { body } = simulator.requests().at(-1)!;
		expect((body as IDataObject).test_data ?? {}).toEqual(sent);
	});

	it('results of a session that is completed need no interval', async () => {
		const [created] = await host.json('session.create', SESSION);
		const sessionId = created?.session_id;
		await simulator.idle();
		const parameters = { sessionId, options: { waitUntilCompleted: true } };
		expect(await host.json('session.getResults', parameters)).toMatchObject([{ results: {} }]);
	});
});
