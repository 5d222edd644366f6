import type { IDataObject } from 'n8n-workflow';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { startSimulator, type Simulator } from '../../../simulator/index.mts';
import { byId, NodeHost, getErrorText } from '../harness/nodeHost.mts';

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

describe('values from expressions or AI agents', () => {
	it.each<[string, string, IDataObject, RegExp]>([
		['an empty ID', 'webhook.get', { webhook: byId('') }, /^No webhook is chosen/],
		[
			'no fields',
			'webhook.update',
			{ webhook: byId('wh_1'), updateFields: null },
			/^There is nothing to update/,
		],
		['dots as a webhook ID', 'webhook.delete', { webhook: byId('..') }, /^".." is not an ID/],
		['dots as a session ID', 'session.get', { sessionId: '.' }, /^"." is not an ID/],
		[
			'several events for a test event',
			'webhook.sendTest',
			{ webhook: byId('wh_1'), eventType: 'session.failed,session.created' },
			/^A test event has exactly one type/,
		],
		['not a text', 'session.create', { ...SESSION, target: '={{ {} }}' }, /^Target is empty/],
		[
			'an unknown source of the secret',
			'webhook.create',
			{ ...WEBHOOK, secretSource: 'enter', secret: 'mine' },
			/^Signing Secret must be credential or entered, not "enter"/,
		],
		[
			'a secret that is not a text',
			'webhook.create',
			{ ...WEBHOOK, secretSource: 'entered', secret: '={{ 7 }}' },
			/^The secret is not a text/,
		],
		[
			'blank events',
			'webhook.create',
			{ ...WEBHOOK, secretSource: 'generate', events: '={{ [null, ""] }}' },
			/^No event is chosen/,
		],
		[
			'test data that is not an object',
			'webhook.sendTest',
			{ webhook: byId('wh_1'), eventType: 'session.failed', testData: '={{ [1] }}' },
			/must be a JSON object/,
		],
	])('%s is rejected with an explanation', async (_, operation, parameters, text) => {
		expect(await getErrorText(host.run(operation, parameters))).toMatch(text);
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
	])('the unknown operation %s is rejected with the known ones', async (operation, text) => {
		expect(await getErrorText(host.run(operation))).toEqual(text);
	});

	it.each<[string, string, object]>([
		['an object', '={{ { "session_id": "s" } }}', { session_id: 's' }],
		['a text', '{ "session_id": "s" }', { session_id: 's' }],
		['blank', ' ', {}],
	])('test data can be %s', async (_, testData, sent) => {
		const [created] = await host.json('webhook.create', { ...WEBHOOK, secretSource: 'generate' });
		const webhook = byId(String(created?.id));
		await host.run('webhook.sendTest', { webhook, eventType: 'session.failed', testData });
		const { body } = simulator.requests().at(-1)!;
		expect((body as IDataObject).test_data ?? {}).toEqual(sent);
	});

	it('a completed session needs no wait interval', async () => {
		const [created] = await host.json('session.create', SESSION);
		const sessionId = created?.session_id;
		await simulator.waitUntilIdle();
		const parameters = { sessionId, options: { waitUntilCompleted: true } };
		expect(await host.json('session.getResults', parameters)).toMatchObject([{ results: {} }]);
	});
});
