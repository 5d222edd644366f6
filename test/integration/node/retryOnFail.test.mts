import type { IDataObject } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { RESOURCES } from '../../../nodes/MindPeeker/resources/index.ts';
import { startSimulator, type Simulator } from '../../../simulator/index.mts';
import { SECRET } from '../harness/deliver.mts';
import { store } from '../harness/executionsOf.mts';
import { byId, NodeHost, textOf, WORKFLOW_ID } from '../harness/nodeHost.mts';
import { parametersFor } from '../harness/operations.mts';
import { useCheapDigests } from '../harness/cheapDigest.mts';

useCheapDigests();

const SESSION = { sessionType: 'dowsing', target: '={{ $json.target }}' };
const WEBHOOK = { url: 'http://127.0.0.1:9/', events: ['session.completed'], active: true };
const ONE_BY_ONE = { options: { batching: { batch: { batchSize: 1, batchInterval: 0 } } } };
const ALL_AT_ONCE = { options: { batching: { batch: { batchSize: -1, batchInterval: 0 } } } };
let simulator: Simulator;
let host: NodeHost;

beforeEach(async () => {
	store.reset(WORKFLOW_ID);
	simulator = await startSimulator({ timeFactor: 1_000 });
	host = new NodeHost(simulator);
	host.credential = { signingSecret: SECRET };
});
afterEach(async () => await simulator.close());

const itemsWith = (targets: string[]) => targets.map((target) => ({ json: { target } }));
const sent = (method = 'POST') =>
	simulator.requests().filter((request) => request.method === method);
const targetsSent = () => sent().map(({ body }) => (body as IDataObject).target);
const fail = (status: number, more = {}) =>
	simulator.faults.add({ on: 'api', kind: 'answer', status, ...more });

const WRITING = RESOURCES.flatMap(({ value, operations }) =>
	operations.flatMap(({ value: operation, writes }) =>
		writes ? [[`${value}.${operation}`, writes] as const] : [],
	),
);
const writing = WRITING.map(([operation]) => operation);
const creating = WRITING.filter(([, writes]) => writes === 'nonIdempotent').map(([name]) => name);
const repeatable = writing.filter((operation) => !creating.includes(operation));

it('the operations that write are known, with those that create or send something', () => {
	expect(creating).toEqual([
		'analysis.submit',
		'session.create',
		'webhook.create',
		'webhook.sendTest',
	]);
	expect(repeatable).toEqual(['webhook.upsert', 'webhook.delete', 'webhook.update']);
});

describe('with Retry On Fail', () => {
	it.each([[['one', 'two', '']], [['', 'one', 'two']], [['one', '', 'two']], [['', '']]])(
		'three tries create one session for each target of %j',
		async (targets) => {
			await textOf(host.runWithRetries('session.create', SESSION, itemsWith(targets)));
			const given = targets.filter((target) => target !== '');
			expect(targetsSent().sort()).toEqual(given.sort());
		},
	);

	it.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
		'also with On Error "%s", and the output has all sessions',
		async (onError) => {
			host.onError = onError;
			const items = itemsWith(['', 'one', 'two']);
			const output = await host.runWithRetries('session.create', SESSION, items);
			expect(targetsSent().sort()).toEqual(['one', 'two']);
			expect(output).toMatchObject([
				{ json: { error: 'Target is empty [item 0]' }, pairedItem: { item: 0 } },
				{ json: { session_id: expect.any(String) }, pairedItem: { item: 1 } },
				{ json: { session_id: expect.any(String) }, pairedItem: { item: 2 } },
			]);
		},
	);

	it('what the item got in an earlier try is its output, and the others are made up for', async () => {
		fail(400, { times: 1 });
		const items = itemsWith(['one', 'two', 'three']);
		const parameters = { ...SESSION, ...ALL_AT_ONCE };
		const output = await host.runWithRetries('session.create', parameters, items);
		expect(sent().filter(({ status }) => status === 201)).toHaveLength(3);
		expect(new Set(output.map(({ json }) => json.session_id)).size).toBe(3);
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
		]);
	});

	it('items that are under way when another fails are remembered', async () => {
		simulator.faults.add({ on: 'api', kind: 'slow-answer', delayMs: 400, times: 2 });
		const items = itemsWith(['one', 'two', '']);
		await textOf(host.runWithRetries('session.create', { ...SESSION, ...ALL_AT_ONCE }, items));
		expect(targetsSent().sort()).toEqual(['one', 'two']);
	});

	it.each(writing)('what is done is not done again: %s', async (operation) => {
		const parameters = await parametersFor(operation, host, simulator);
		host.retryOnFail = true;
		const first = await host.run(operation, parameters);
		const requests = simulator.requests().length;
		expect(await host.run(operation, parameters)).toEqual(first);
		expect(simulator.requests()).toHaveLength(requests);
	});

	it('the secret that was generated is in the output of the last try', async () => {
		const items = [{ json: { url: 'http://127.0.0.1:9/' } }, { json: { url: '' } }];
		host.onError = 'continueRegularOutput';
		const parameters = { ...WEBHOOK, url: '={{ $json.url }}', secretSource: 'generate' };
		host.retryOnFail = true;
		const [first] = await host.json('webhook.create', parameters, items);
		const [again] = await host.json('webhook.create', parameters, items);
		expect(again).toEqual(first);
		expect(simulator.webhooks()).toMatchObject([{ id: again?.id, secret: again?.secret }]);
	});

	it('a webhook that an earlier try has deleted is deleted', async () => {
		const id = await created();
		const items = [{ json: { id } }, { json: { id: 'wh_none' } }];
		const webhook = byId('={{ $json.id }}');
		host.onError = 'continueRegularOutput';
		const parameters = { webhook, ...ONE_BY_ONE };
		host.retryOnFail = true;
		for (let tries = 1; tries <= 3; tries++) {
			expect(await host.json('webhook.delete', parameters, items)).toMatchObject([
				{ deleted: true },
				{ error: expect.stringContaining('has no webhook wh_none') },
			]);
		}
	});

	const lost: Array<[string, (method: string) => void]> = [
		['a lost answer', (method) => simulator.faults.add({ on: 'api', kind: 'lost-answer', method })],
		['a cut connection', (method) => simulator.faults.add({ on: 'api', kind: 'reset', method })],
		['a status of 500', (method) => fail(500, { method })],
		['a status of 503', (method) => fail(503, { method })],
		['an answer that makes no sense', (method) => fail(200, { method, body: '<html>' })],
	];
	const ofCreation = creating.filter((operation) => operation !== 'webhook.sendTest');
	it.each(
		ofCreation.flatMap((operation) => lost.map(([name, lose]) => [operation, name, lose] as const)),
	)(
		'what may have been done is not done again, and the advice stays: %s after %s',
		async (operation, _, lose) => {
			const parameters = await parametersFor(operation, host, simulator);
			const before = sent().length;
			lose('POST');
			const told = await textOf(host.runWithRetries(operation, parameters));
			expect(told).toMatch(/may have been .* all the same/);
			expect(sent().length - before).toBe(1);
			expect(await textOf(host.run(operation, parameters))).toBe(told);
		},
	);

	it.each(lost.slice(0, -1))('nor is a test event sent again after %s', async (_, lose) => {
		const parameters = await parametersFor('webhook.sendTest', host, simulator);
		const before = sent().length;
		lose('POST');
		await textOf(host.runWithRetries('webhook.sendTest', parameters));
		expect(sent().length - before).toBe(1);
	});

	it.each([400, 401, 403, 409, 422])('what was refused with %d is tried again', async (status) => {
		for (const operation of ofCreation) {
			const parameters = await parametersFor(operation, host, simulator);
			fail(status, { times: 2, method: 'POST' });
			host.beginExecution();
			expect(await host.runWithRetries(operation, parameters)).toHaveLength(1);
		}
	});

	it('what was given up for the rate limit is tried again', async () => {
		fail(429, { times: 2, retryAfter: 3_600 });
		const items = itemsWith(['one']);
		expect(await host.runWithRetries('session.create', SESSION, items)).toHaveLength(1);
	});

	it('what found no service to connect to is tried again', async () => {
		host.retryOnFail = true;
		host.credential = { baseUrl: 'http://127.0.0.1:9/v1' };
		const items = itemsWith(['one']);
		expect(await textOf(host.run('session.create', SESSION, items))).toMatch(/was refused/);
		host.credential = {};
		expect(await host.run('session.create', SESSION, items)).toHaveLength(1);
	});

	it('a deletion that may have been done is done again, and no webhook is no error then', async () => {
		const id = await created();
		const parameters = { webhook: byId(id) };
		simulator.faults.add({ on: 'api', kind: 'lost-answer', method: 'DELETE', times: 1 });
		fail(501, { method: 'DELETE' });
		host.retryOnFail = true;
		expect(await textOf(host.run('webhook.delete', parameters))).toContain('(501');
		expect(await host.json('webhook.delete', parameters)).toEqual([{ deleted: true }]);
	});

	it('an item that waited for its next attempt when another failed is tried again', async () => {
		const ids = [await created(), 'wh_none'];
		host.retryOnFail = true;
		simulator.faults.add({
			on: 'api',
			kind: 'lost-answer',
			method: 'DELETE',
			path: `/webhooks/${ids[0]}`,
		});
		simulator.faults.add({
			on: 'api',
			kind: 'slow-answer',
			delayMs: 150,
			path: '/webhooks/wh_none',
		});
		const items = ids.map((id) => ({ json: { id } }));
		const parameters = { webhook: byId('={{ $json.id }}'), ...ALL_AT_ONCE };
		expect(await textOf(host.run('webhook.delete', parameters, items))).toContain('wh_none');
		host.onError = 'continueRegularOutput';
		expect(await host.json('webhook.delete', parameters, items)).toMatchObject([
			{ deleted: true },
			{ error: expect.stringContaining('wh_none') },
		]);
	});

	it.each(repeatable)('what can be repeated is tried again: %s', async (operation) => {
		const parameters = await parametersFor(operation, host, simulator);
		// The one of the 5xx that the node does not repeat itself.
		fail(501, { times: 2 });
		expect(await host.runWithRetries(operation, parameters)).toHaveLength(1);
	});

	async function created(): Promise<string> {
		const [webhook] = await host.json('webhook.create', { ...WEBHOOK, secretSource: 'generate' });
		return String(webhook?.id);
	}
});

describe('what creates again', () => {
	const items = itemsWith(['one']);

	it('a loop', async () => {
		host.retryOnFail = true;
		await host.run('session.create', SESSION, items);
		host.runIndex = 1;
		await host.run('session.create', SESSION, items);
		expect(sent()).toHaveLength(2);
	});

	it('another execution', async () => {
		host.retryOnFail = true;
		await host.run('session.create', SESSION, items);
		host.beginExecution();
		await host.run('session.create', SESSION, items);
		expect(sent()).toHaveLength(2);
	});

	it('another node', async () => {
		host.retryOnFail = true;
		await host.run('session.create', SESSION, items);
		host.name = 'Another';
		await host.run('session.create', SESSION, items);
		expect(sent()).toHaveLength(2);
	});

	it('a node without Retry On Fail', async () => {
		await host.run('session.create', SESSION, items);
		await host.run('session.create', SESSION, items);
		expect(sent()).toHaveLength(2);
	});

	it('an n8n that runs a node on its own, without an execution that could be stopped', async () => {
		host.retryOnFail = true;
		host.isStoppable = false;
		await host.run('session.create', SESSION, items);
		await host.run('session.create', SESSION, items);
		expect(sent()).toHaveLength(2);
	});
});

describe('as a tool of an AI agent', () => {
	beforeEach(() => {
		host.type = 'n8n-nodes-mindpeeker.mindPeekerTool';
		host.retryOnFail = true;
	});

	it.each([
		['the same run index, as in older n8n', 0],
		['the next run index', 1],
	])('two calls with the same arguments create twice, with %s', async (_, next) => {
		const items = itemsWith(['one']);
		await host.run('session.create', SESSION, items);
		host.runIndex = next;
		await host.run('session.create', SESSION, items);
		expect(sent()).toHaveLength(2);
	});

	it.each([
		['the same run index', 0],
		['a run index of its own', 1],
	])('a retry of a call does not repeat what may have been done, with %s', async (_, next) => {
		const json = { target: 'one' };
		simulator.faults.add({ on: 'api', kind: 'lost-answer' });
		const told = await textOf(host.run('session.create', SESSION, [{ json }]));
		host.runIndex = next;
		expect(await textOf(host.run('session.create', SESSION, [{ json }]))).toBe(told);
		expect(sent()).toHaveLength(1);
	});
});

it('an operation that only reads reads again', async () => {
	host.retryOnFail = true;
	await host.run('account.get');
	await host.run('account.get');
	expect(sent('GET')).toHaveLength(2);
});
