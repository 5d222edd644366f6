import { stringify } from 'flatted';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { waitFor } from '../../support/jest.mts';

import { startSimulator, type Simulator } from '../../../simulator/index.mts';
import { byId, NodeHost, getErrorText } from '../harness/nodeHost.mts';

let simulator: Simulator;
let host: NodeHost;

beforeEach(async () => {
	simulator = await startSimulator();
	host = new NodeHost(simulator);
});
afterEach(async () => await simulator.close());

const createItems = (ids: string[]) => ids.map((id) => ({ json: { id } }));
const sessionId = '={{ $json.id }}';
async function createSessions(count: number): Promise<string[]> {
	const parameters = { sessionType: 'dowsing', target: 'A well' };
	const items = Array.from({ length: count }, () => ({ json: {} }));
	return (await host.json('session.create', parameters, items)).map(({ session_id: id }) =>
		String(id),
	);
}
const getStatuses = () => simulator.requests().map(({ status }) => status);

describe('several items', () => {
	it('have their outputs in order, paired with the input items', async () => {
		const ids = await createSessions(30);
		simulator.faults.add({ on: 'api', kind: 'slow-response', delayMs: 300, times: 3 });
		const output = await host.run('session.get', { sessionId }, createItems(ids));
		expect(output.map(({ json }) => json.session_id)).toEqual(ids);
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual(ids.map((_, item) => ({ item })));
	});

	it.each<[string, object, number]>([
		['50 by default', {}, 50],
		['the batch size', { batching: { batch: { batchSize: 20, batchInterval: 0 } } }, 20],
		['one with batch size 0', { batching: { batch: { batchSize: 0, batchInterval: 0 } } }, 1],
		['all with batch size -1', { batching: { batch: { batchSize: -1, batchInterval: 0 } } }, 100],
	])('are processed concurrently: %s', async (_, options, concurrency) => {
		const ids = await createSessions(100);
		const before = simulator.requests().length;
		simulator.faults.add({ on: 'api', kind: 'slow-response', delayMs: 3_000, times: concurrency });
		const running = host.run('session.get', { sessionId, options }, createItems(ids));
		const countRequests = () => simulator.requests().length - before;
		await waitFor(async () => expect(await countRequests()).toBe(concurrency));
		await new Promise((resolve) => setTimeout(resolve, 200));
		expect(countRequests()).toBe(concurrency);
		expect(await running).toHaveLength(100);
	});

	it('are processed with the batch interval', async () => {
		const ids = await createSessions(6);
		const options = { batching: { batch: { batchSize: 2, batchInterval: 300 } } };
		const before = performance.now();
		const output = await host.json('session.get', { sessionId, options }, createItems(ids));
		expect(performance.now() - before).toBeGreaterThan(595);
		expect(output.map(({ session_id: id }) => id)).toEqual(ids);
	});
});

describe('an item that fails', () => {
	it('ends the execution with its index in the error', async () => {
		const [id = ''] = await createSessions(1);
		const running = host.run('session.get', { sessionId }, createItems([id, 'sess_no', id]));
		expect(await getErrorText(running)).toMatch(
			/^MindPeeker has no session sess_no .* \[item 1\] \|/,
		);
	});

	it('prevents further items', async () => {
		const ids = ['sess_no', ...(await createSessions(20))];
		const before = simulator.requests().length;
		const options = { batching: { batch: { batchSize: 1, batchInterval: 0 } } };
		await getErrorText(host.run('session.get', { sessionId, options }, createItems(ids)));
		expect(simulator.requests().length - before).toBe(1);
	});

	it.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
		'does not affect the others with "%s", and outputs its error',
		async (onError) => {
			const [id = ''] = await createSessions(1);
			host.onError = onError;
			const items = createItems([id, 'sess_no', '', id]);
			const output = await host.run('session.get', { sessionId }, items);
			expect(output).toMatchObject([
				{ json: { session_id: id }, pairedItem: { item: 0 } },
				{
					json: { error: expect.stringMatching(/no session sess_no.*\[item 1\]/) },
					pairedItem: { item: 1 },
				},
				{ json: { error: 'Session ID is empty [item 2]' }, pairedItem: { item: 2 } },
				{ json: { session_id: id }, pairedItem: { item: 3 } },
			]);
			// With this field, n8n would omit the fields of the input item.
			expect(output.every(({ error }) => error === undefined)).toBe(true);
		},
	);

	it('stores no API key, secret or credential', async () => {
		const { apiKey } = simulator;
		host.credential = { signingSecret: 'zq-secret' };
		const body = { error: { message: `key ${apiKey} secret zq-secret` } };
		simulator.faults.add({ on: 'api', kind: 'response', status: 400, body });
		const error = await host.run('account.get').catch((failure: Error) => failure as Error);
		const { message, stack } = error as Error;
		const stored = stringify({ ...(error as Error), message, stack });
		expect(stored).toContain('rejected the request');
		for (const secret of [apiKey, 'zq-secret', 'encryptionKey', 'signingSecret']) {
			expect(stored).not.toContain(secret);
		}
	});

	it("has n8n's message once if no credential is selected", async () => {
		host.hasCredential = false;
		expect(await getErrorText(host.run('account.get'))).toBe(
			'Node does not have any credentials set [item 0] | undefined',
		);
	});

	it('keeps its message if the ID contains an error code', async () => {
		expect(await getErrorText(host.run('session.get', { sessionId: 'sess_EEXIST' }))).toMatch(
			/^MindPeeker has no session sess_EEXIST/,
		);
		const webhook = byId('preexisting');
		expect(await getErrorText(host.run('webhook.get', { webhook }))).toMatch(
			/^There is no webhook preexisting/,
		);
	});
});

describe('a stopped execution', () => {
	it.each([undefined, 'continueRegularOutput'] as const)(
		'ends with On Error %s',
		async (onError) => {
			host.onError = onError;
			const ids = await createSessions(100);
			simulator.faults.add({ on: 'api', kind: 'slow-response', delayMs: 400, probability: 1 });
			const options = { batching: { batch: { batchSize: 2, batchInterval: 0 } } };
			const running = getErrorText(
				host.run('session.get', { sessionId, options }, createItems(ids)),
			);
			setTimeout(() => host.cancel(), 600);
			expect(await running).toMatch(/The execution was stopped/);
			expect(simulator.requests().length - 100).toBeLessThan(10);
		},
	);
});

describe('an invalid number', () => {
	it.each<[string, string, object]>([
		['Items per Batch', 'account.get', { options: { batching: { batch: { batchSize: 'x' } } } }],
		['Batch Interval', 'account.get', { options: { batching: { batch: { batchInterval: 'x' } } } }],
		['Limit', 'webhook.getAll', { returnAll: false, limit: 'many' }],
		['Limit', 'webhook.getAll', { returnAll: false, limit: -1 }],
		[
			'Wait at Most',
			'session.getResults',
			{ sessionId: 's', options: { waitUntilCompleted: true, maxWait: 'x' } },
		],
		[
			'Wait Interval',
			'session.getResults',
			{ sessionId: 's', options: { waitUntilCompleted: true, pollInterval: 0 } },
		],
	])('for %s is rejected by %s', async (title, operation, parameters) => {
		expect(await getErrorText(host.run(operation, { ...parameters }))).toMatch(
			new RegExp(`^${title} must be a number.*\\| Correct it`),
		);
		expect(simulator.requests()).toEqual([]);
	});
});

describe('a failed request', () => {
	const injectResponse = (status: number, more = {}) =>
		simulator.faults.add({ on: 'api', kind: 'response', status, times: 2, ...more });

	it.each([500, 502, 503])('is retried with status %d', async (status) => {
		injectResponse(status);
		expect(await host.json('account.get')).toHaveLength(1);
		expect(getStatuses()).toEqual([status, status, 200]);
	});

	it('is retried after a connection reset', async () => {
		simulator.faults.add({ on: 'api', kind: 'reset', times: 1 });
		expect(await host.json('account.get')).toHaveLength(1);
		expect(getStatuses()).toEqual([null, 200]);
	});

	it('is retried with 429 after Retry-After, even if it creates something', async () => {
		injectResponse(429, { times: 1, retryAfter: 1 });
		const before = performance.now();
		expect(await createSessions(1)).toHaveLength(1);
		expect(performance.now() - before).toBeGreaterThan(995);
		expect(getStatuses()).toEqual([429, 201]);
	});

	it('delays other requests with 429', async () => {
		const ids = await createSessions(40);
		injectResponse(429, { times: 1, retryAfter: 1 });
		const options = { batching: { batch: { batchSize: 4, batchInterval: 0 } } };
		await host.run('session.get', { sessionId, options }, createItems(ids));
		const [first, fifth] = simulator
			.requests()
			.slice(40)
			.filter((_, index) => index % 4 === 0);
		expect(Date.parse(fifth!.at) - Date.parse(first!.at)).toBeGreaterThan(900);
	});

	it('is not retried after five attempts', async () => {
		injectResponse(500, { times: 100 });
		expect(await getErrorText(host.run('account.get'))).toMatch(
			/failed to process the request \(500/,
		);
		expect(getStatuses()).toEqual([500, 500, 500, 500, 500]);
	});

	it('is not retried if Retry-After is too long', async () => {
		injectResponse(429, { retryAfter: 3_600 });
		expect(await getErrorText(host.run('account.get'))).toMatch(
			/rate limit was exceeded \(429.*\[item 0\] \| Wait 3600 seconds/,
		);
		expect(getStatuses()).toEqual([429]);
	});

	it('prevents the requests of other items if Retry-After is too long', async () => {
		const ids = await createSessions(20);
		injectResponse(429, { retryAfter: 3_600, times: 100 });
		host.onError = 'continueRegularOutput';
		const options = { batching: { batch: { batchSize: 4, batchInterval: 0 } } };
		const output = await host.json('session.get', { sessionId, options }, createItems(ids));
		expect(output).toHaveLength(20);
		for (const { error } of output) expect(error).toMatch(/rate limit was exceeded \(429/);
		expect(getStatuses().filter((status) => status === 429).length).toBeLessThanOrEqual(4);
	});

	it.each([400, 401, 403, 404, 409, 422])('is not retried with status %d', async (status) => {
		injectResponse(status);
		await getErrorText(host.run('account.get'));
		expect(getStatuses()).toEqual([status]);
	});

	it('is sent again for the next item, even if all items share it', async () => {
		const parameters = { url: 'http://127.0.0.1:9/', events: ['session.failed'], active: true };
		const [webhook] = await host.json('webhook.create', {
			...parameters,
			secretSource: 'generate',
		});
		injectResponse(400, { times: 1 });
		host.onError = 'continueRegularOutput';
		const options = { batching: { batch: { batchSize: 1, batchInterval: 0 } } };
		const one = { webhook: byId(String(webhook?.id)), options };
		const output = await host.json('webhook.get', one, createItems(['first', 'second', 'third']));
		expect(output).toMatchObject([
			{ error: expect.stringContaining('(400') },
			{ id: webhook?.id },
			{ id: webhook?.id },
		]);
		expect(getStatuses()).toEqual([201, 400, 200]);
	});

	it.each([300, 302, 399])('does not follow the redirect %d', async (status) => {
		injectResponse(status);
		expect(await getErrorText(host.run('account.get'))).toContain(`redirect (${status})`);
		expect(getStatuses()).toEqual([status]);
	});
});
