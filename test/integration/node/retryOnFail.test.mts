import type { IDataObject } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { RESOURCES } from '../../../nodes/MindPeeker/resources/index.ts';
import { startSimulator, type Simulator } from '../../../simulator/index.mts';
import { SECRET } from '../harness/deliver.mts';
import { store } from '../harness/deduplicationStore.mts';
import { byId, NodeHost, getErrorText, WORKFLOW_ID } from '../harness/nodeHost.mts';
import { createParameters, OPERATIONS } from '../harness/operations.mts';
import { useFastScrypt } from '../harness/fastScrypt.mts';

useFastScrypt();

const SESSION = { sessionType: 'dowsing', target: '={{ $json.target }}' };
const WEBHOOK = { url: 'http://127.0.0.1:9/', events: ['session.completed'], active: true };
const SEQUENTIAL = { options: { batching: { batch: { batchSize: 1, batchInterval: 0 } } } };
const CONCURRENT = { options: { batching: { batch: { batchSize: -1, batchInterval: 0 } } } };
let simulator: Simulator;
let host: NodeHost;

beforeEach(async () => {
	store.reset(WORKFLOW_ID);
	simulator = await startSimulator({ timeFactor: 1_000 });
	host = new NodeHost(simulator);
	host.credential = { signingSecret: SECRET };
});
afterEach(async () => await simulator.close());

const createItems = (targets: string[]) => targets.map((target) => ({ json: { target } }));
const getRequests = (method = 'POST') =>
	simulator.requests().filter((request) => request.method === method);
const getTargets = () => getRequests().map(({ body }) => (body as IDataObject).target);
const injectError = (status: number, more = {}) =>
	simulator.faults.add({ on: 'api', kind: 'response', status, ...more });

const WRITES = RESOURCES.flatMap(({ value, operations }) =>
	operations.flatMap(({ value: operation, sideEffect }) =>
		sideEffect ? [[`${value}.${operation}`, sideEffect] as const] : [],
	),
);
const writing = WRITES.map(([operation]) => operation);
const creating = WRITES.filter(([, writes]) => writes === 'nonIdempotent').map(([name]) => name);
const repeatable = writing.filter((operation) => !creating.includes(operation));

/** Runs the operation. Returns the methods of its requests. */
async function getMethods(operation: string, parameters: IDataObject): Promise<string[]> {
	const before = simulator.requests().length;
	await host.run(operation, parameters).catch(() => {});
	const requests = simulator.requests().slice(before);
	return requests.map(({ method }) => method);
}

it.each(OPERATIONS)('%s is classified by the requests of two runs', async (operation) => {
	const parameters = await createParameters(operation, host, simulator);
	const first = await getMethods(operation, parameters);
	const second = await getMethods(operation, parameters);
	const sideEffect = Object.fromEntries(WRITES)[operation];
	expect(sideEffect !== undefined).toBe(first.some((method) => method !== 'GET'));
	expect(sideEffect === 'nonIdempotent').toBe(second.includes('POST'));
});

describe('with Retry On Fail', () => {
	it.each([[['one', 'two', '']], [['', 'one', 'two']], [['one', '', 'two']], [['', '']]])(
		'three attempts create one session for each target of %j',
		async (targets) => {
			await getErrorText(host.runWithRetries('session.create', SESSION, createItems(targets)));
			const valid = targets.filter((target) => target !== '');
			expect(getTargets().sort()).toEqual(valid.sort());
		},
	);

	it.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
		'with On Error "%s", too, and the output has all sessions',
		async (onError) => {
			host.onError = onError;
			const items = createItems(['', 'one', 'two']);
			const output = await host.runWithRetries('session.create', SESSION, items);
			expect(getTargets().sort()).toEqual(['one', 'two']);
			expect(output).toMatchObject([
				{ json: { error: 'Target is empty [item 0]' }, pairedItem: { item: 0 } },
				{ json: { session_id: expect.any(String) }, pairedItem: { item: 1 } },
				{ json: { session_id: expect.any(String) }, pairedItem: { item: 2 } },
			]);
		},
	);

	it('items keep their output of an earlier attempt, and failed items are repeated', async () => {
		injectError(400, { times: 1 });
		const items = createItems(['one', 'two', 'three']);
		const parameters = { ...SESSION, ...CONCURRENT };
		const output = await host.runWithRetries('session.create', parameters, items);
		expect(getRequests().filter(({ status }) => status === 201)).toHaveLength(3);
		expect(new Set(output.map(({ json }) => json.session_id)).size).toBe(3);
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
		]);
	});

	it('items that run while another one fails are not repeated', async () => {
		simulator.faults.add({ on: 'api', kind: 'slow-response', delayMs: 400, times: 2 });
		const items = createItems(['one', 'two', '']);
		await getErrorText(host.runWithRetries('session.create', { ...SESSION, ...CONCURRENT }, items));
		expect(getTargets().sort()).toEqual(['one', 'two']);
	});

	it.each(writing)('an item that succeeded is not repeated: %s', async (operation) => {
		const parameters = await createParameters(operation, host, simulator);
		host.retryOnFail = true;
		const first = await host.run(operation, parameters);
		const requests = simulator.requests().length;
		expect(await host.run(operation, parameters)).toEqual(first);
		expect(simulator.requests()).toHaveLength(requests);
	});

	it('the generated secret is in the output of the last attempt', async () => {
		const items = [{ json: { url: 'http://127.0.0.1:9/' } }, { json: { url: '' } }];
		host.onError = 'continueRegularOutput';
		const parameters = { ...WEBHOOK, url: '={{ $json.url }}', secretSource: 'generate' };
		host.retryOnFail = true;
		const [first] = await host.json('webhook.create', parameters, items);
		const [again] = await host.json('webhook.create', parameters, items);
		expect(again).toEqual(first);
		expect(simulator.webhooks()).toMatchObject([{ id: again?.id, secret: again?.secret }]);
	});

	it('a webhook that an earlier attempt deleted counts as deleted', async () => {
		const id = await createWebhook();
		const items = [{ json: { id } }, { json: { id: 'wh_none' } }];
		const webhook = byId('={{ $json.id }}');
		host.onError = 'continueRegularOutput';
		const parameters = { webhook, ...SEQUENTIAL };
		host.retryOnFail = true;
		for (let attempt = 1; attempt <= 3; attempt++) {
			expect(await host.json('webhook.delete', parameters, items)).toMatchObject([
				{ deleted: true },
				{ error: expect.stringContaining('has no webhook wh_none') },
			]);
		}
	});

	const uncertain: Array<[string, (method: string) => void]> = [
		[
			'a lost response',
			(method) => simulator.faults.add({ on: 'api', kind: 'lost-response', method }),
		],
		['a connection reset', (method) => simulator.faults.add({ on: 'api', kind: 'reset', method })],
		['status 500', (method) => injectError(500, { method })],
		['status 503', (method) => injectError(503, { method })],
		['an invalid response', (method) => injectError(200, { method, body: '<html>' })],
	];
	const creatingOnly = creating.filter((operation) => operation !== 'webhook.sendTest');
	it.each(
		creatingOnly.flatMap((operation) =>
			uncertain.map(([name, inject]) => [operation, name, inject] as const),
		),
	)(
		'an item that may have succeeded is not repeated, and keeps its hint: %s after %s',
		async (operation, _, inject) => {
			const parameters = await createParameters(operation, host, simulator);
			const before = getRequests().length;
			inject('POST');
			const text = await getErrorText(host.runWithRetries(operation, parameters));
			expect(text).toMatch(/may have been (created|queued)/);
			expect(getRequests().length - before).toBe(1);
			expect(await getErrorText(host.run(operation, parameters))).toBe(text);
		},
	);

	it.each(uncertain.slice(0, -1))('a test event is not sent again after %s', async (_, inject) => {
		const parameters = await createParameters('webhook.sendTest', host, simulator);
		const before = getRequests().length;
		inject('POST');
		await getErrorText(host.runWithRetries('webhook.sendTest', parameters));
		expect(getRequests().length - before).toBe(1);
	});

	it.each([400, 401, 403, 409, 422])('an item with status %d is repeated', async (status) => {
		for (const operation of creatingOnly) {
			const parameters = await createParameters(operation, host, simulator);
			injectError(status, { times: 2, method: 'POST' });
			host.startExecution();
			expect(await host.runWithRetries(operation, parameters)).toHaveLength(1);
		}
	});

	it('an item that exceeded the rate limit is repeated', async () => {
		injectError(429, { times: 2, retryAfter: 3_600 });
		const items = createItems(['one']);
		expect(await host.runWithRetries('session.create', SESSION, items)).toHaveLength(1);
	});

	it('an item that could not connect is repeated', async () => {
		host.retryOnFail = true;
		host.credential = { baseUrl: 'http://127.0.0.1:9/v1' };
		const items = createItems(['one']);
		expect(await getErrorText(host.run('session.create', SESSION, items))).toMatch(/was refused/);
		host.credential = {};
		expect(await host.run('session.create', SESSION, items)).toHaveLength(1);
	});

	it('a deletion that may have succeeded is repeated, and accepts that the webhook is gone', async () => {
		const id = await createWebhook();
		const parameters = { webhook: byId(id) };
		simulator.faults.add({ on: 'api', kind: 'lost-response', method: 'DELETE', times: 1 });
		injectError(501, { method: 'DELETE' });
		host.retryOnFail = true;
		expect(await getErrorText(host.run('webhook.delete', parameters))).toContain('(501');
		expect(await host.json('webhook.delete', parameters)).toEqual([{ deleted: true }]);
	});

	it('an item that waited for a retry while another one failed is repeated', async () => {
		const ids = [await createWebhook(), 'wh_none'];
		host.retryOnFail = true;
		simulator.faults.add({
			on: 'api',
			kind: 'lost-response',
			method: 'DELETE',
			path: `/webhooks/${ids[0]}`,
		});
		simulator.faults.add({
			on: 'api',
			kind: 'slow-response',
			delayMs: 150,
			path: '/webhooks/wh_none',
		});
		const items = ids.map((id) => ({ json: { id } }));
		const parameters = { webhook: byId('={{ $json.id }}'), ...CONCURRENT };
		expect(await getErrorText(host.run('webhook.delete', parameters, items))).toContain('wh_none');
		host.onError = 'continueRegularOutput';
		expect(await host.json('webhook.delete', parameters, items)).toMatchObject([
			{ deleted: true },
			{ error: expect.stringContaining('wh_none') },
		]);
	});

	it.each(repeatable)('an idempotent item is repeated: %s', async (operation) => {
		const parameters = await createParameters(operation, host, simulator);
		// The node retries other 5xx statuses by itself.
		injectError(501, { times: 2 });
		expect(await host.runWithRetries(operation, parameters)).toHaveLength(1);
	});

	async function createWebhook(): Promise<string> {
		const [webhook] = await host.json('webhook.create', { ...WEBHOOK, secretSource: 'generate' });
		return String(webhook?.id);
	}
});

describe('creates another object', () => {
	const items = createItems(['one']);

	it('in a loop', async () => {
		host.retryOnFail = true;
		await host.run('session.create', SESSION, items);
		host.runIndex = 1;
		await host.run('session.create', SESSION, items);
		expect(getRequests()).toHaveLength(2);
	});

	it('in another execution', async () => {
		host.retryOnFail = true;
		await host.run('session.create', SESSION, items);
		host.startExecution();
		await host.run('session.create', SESSION, items);
		expect(getRequests()).toHaveLength(2);
	});

	it('in another node', async () => {
		host.retryOnFail = true;
		await host.run('session.create', SESSION, items);
		host.name = 'Another';
		await host.run('session.create', SESSION, items);
		expect(getRequests()).toHaveLength(2);
	});

	it('without Retry On Fail', async () => {
		await host.run('session.create', SESSION, items);
		await host.run('session.create', SESSION, items);
		expect(getRequests()).toHaveLength(2);
	});

	it('without an execution, when n8n runs only this node', async () => {
		host.retryOnFail = true;
		host.hasCancelSignal = false;
		await host.run('session.create', SESSION, items);
		await host.run('session.create', SESSION, items);
		expect(getRequests()).toHaveLength(2);
	});
});

describe('as a tool of an AI agent', () => {
	beforeEach(() => {
		host.type = 'n8n-nodes-mindpeeker.mindPeekerTool';
		host.retryOnFail = true;
	});

	it.each([
		['the same run index, as in older versions of n8n', 0],
		['the next run index', 1],
	])('two calls with the same arguments create twice, with %s', async (_, next) => {
		const items = createItems(['one']);
		await host.run('session.create', SESSION, items);
		host.runIndex = next;
		await host.run('session.create', SESSION, items);
		expect(getRequests()).toHaveLength(2);
	});

	it.each([
		['the same run index', 0],
		['another run index', 1],
	])('a retry does not repeat a call that may have succeeded, with %s', async (_, next) => {
		const json = { target: 'one' };
		simulator.faults.add({ on: 'api', kind: 'lost-response' });
		const text = await getErrorText(host.run('session.create', SESSION, [{ json }]));
		host.runIndex = next;
		expect(await getErrorText(host.run('session.create', SESSION, [{ json }]))).toBe(text);
		expect(getRequests()).toHaveLength(1);
	});
});

it('a read operation is repeated', async () => {
	host.retryOnFail = true;
	await host.run('account.get');
	await host.run('account.get');
	expect(getRequests('GET')).toHaveLength(2);
});
