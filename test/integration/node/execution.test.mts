import { stringify } from 'flatted';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { waitFor } from '../../support/jest.mts';

import { startSimulator, type Simulator } from '../../../simulator/index.mts';
import { byId, NodeHost, textOf } from '../harness/nodeHost.mts';

let simulator: Simulator;
let host: NodeHost;

beforeEach(async () => {
	simulator = await startSimulator();
	host = new NodeHost(simulator);
});
afterEach(async () => await simulator.close());

const itemsWith = (ids: string[]) => ids.map((id) => ({ json: { id } }));
const sessionId = '={{ $json.id }}';
async function sessions(count: number): Promise<string[]> {
	const parameters = { sessionType: 'dowsing', target: 'A well' };
	const items = Array.from({ length: count }, () => ({ json: {} }));
	return (await host.json('session.create', parameters, items)).map((it) => String(it.session_id));
}
const statuses = () => simulator.requests().map(({ status }) => status);

describe('several items', () => {
	it('are each given their own, in order, and paired with the item they came from', async () => {
		const ids = await sessions(30);
		simulator.faults.add({ on: 'api', kind: 'slow-answer', delayMs: 300, times: 3 });
		const output = await host.run('session.get', { sessionId }, itemsWith(ids));
		expect(output.map(({ json }) => json.session_id)).toEqual(ids);
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual(ids.map((_, item) => ({ item })));
	});

	it.each<[string, object, number]>([
		['50 to begin with', {}, 50],
		['as many as asked for', { batching: { batch: { batchSize: 20, batchInterval: 0 } } }, 20],
		['one where 0 are asked for', { batching: { batch: { batchSize: 0, batchInterval: 0 } } }, 1],
		['all at once with -1', { batching: { batch: { batchSize: -1, batchInterval: 0 } } }, 100],
	])('are sent side by side: %s', async (_, options, atATime) => {
		const ids = await sessions(100);
		const before = simulator.requests().length;
		simulator.faults.add({ on: 'api', kind: 'slow-answer', delayMs: 3_000, times: atATime });
		const running = host.run('session.get', { sessionId, options }, itemsWith(ids));
		const asked = () => simulator.requests().length - before;
		await waitFor(async () => expect(await asked()).toBe(atATime));
		await new Promise((resolve) => setTimeout(resolve, 200));
		expect(asked()).toBe(atATime);
		expect(await running).toHaveLength(100);
	});

	it('wait between batches where that is asked for', async () => {
		const ids = await sessions(6);
		const options = { batching: { batch: { batchSize: 2, batchInterval: 300 } } };
		const before = performance.now();
		const output = await host.json('session.get', { sessionId, options }, itemsWith(ids));
		expect(performance.now() - before).toBeGreaterThan(595);
		expect(output.map((it) => it.session_id)).toEqual(ids);
	});
});

describe('an item that fails', () => {
	it('ends the execution, and says which it was', async () => {
		const [id = ''] = await sessions(1);
		const running = host.run('session.get', { sessionId }, itemsWith([id, 'sess_no', id]));
		expect(await textOf(running)).toMatch(/^MindPeeker has no session sess_no .* \[item 1\] \|/);
	});

	it('begins no further item', async () => {
		const ids = ['sess_no', ...(await sessions(20))];
		const before = simulator.requests().length;
		const options = { batching: { batch: { batchSize: 1, batchInterval: 0 } } };
		await textOf(host.run('session.get', { sessionId, options }, itemsWith(ids)));
		expect(simulator.requests().length - before).toBe(1);
	});

	it.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
		'leaves the others alone with "%s", and goes on with its error',
		async (onError) => {
			const [id = ''] = await sessions(1);
			host.onError = onError;
			const items = itemsWith([id, 'sess_no', '', id]);
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
			// n8n would put this alone into the error output, without what came in.
			expect(output.every(({ error }) => error === undefined)).toBe(true);
		},
	);

	it('never brings the API key, a secret or the credential into what n8n stores of it', async () => {
		const { apiKey } = simulator;
		host.credential = { signingSecret: 'zq-secret' };
		const body = { error: { message: `key ${apiKey} secret zq-secret` } };
		simulator.faults.add({ on: 'api', kind: 'answer', status: 400, body });
		const error = await host.run('account.get').catch((failure: Error) => failure as Error);
		const { message, stack } = error as Error;
		const stored = stringify({ ...(error as Error), message, stack });
		expect(stored).toContain('rejected the request');
		for (const kept of [apiKey, 'zq-secret', 'encryptionKey', 'signingSecret']) {
			expect(stored).not.toContain(kept);
		}
	});

	it("says in n8n's words that no credential is chosen, once", async () => {
		host.hasCredential = false;
		expect(await textOf(host.run('account.get'))).toBe(
			'Node does not have any credentials set [item 0] | undefined',
		);
	});

	it('never has its message replaced, whatever is in an id', async () => {
		expect(await textOf(host.run('session.get', { sessionId: 'sess_EEXIST' }))).toMatch(
			/^MindPeeker has no session sess_EEXIST/,
		);
		const webhook = byId('preexisting');
		expect(await textOf(host.run('webhook.get', { webhook }))).toMatch(
			/^There is no webhook preexisting/,
		);
	});
});

describe('an execution that is stopped', () => {
	it.each([undefined, 'continueRegularOutput'] as const)(
		'ends, with On Error %s',
		async (onError) => {
			host.onError = onError;
			const ids = await sessions(100);
			simulator.faults.add({ on: 'api', kind: 'slow-answer', delayMs: 400, probability: 1 });
			const options = { batching: { batch: { batchSize: 2, batchInterval: 0 } } };
			const running = textOf(host.run('session.get', { sessionId, options }, itemsWith(ids)));
			setTimeout(() => host.stop(), 600);
			expect(await running).toMatch(/The execution was stopped/);
			expect(simulator.requests().length - 100).toBeLessThan(10);
		},
	);
});

describe('a number that is none', () => {
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
	])('for %s is refused in %s', async (title, operation, parameters) => {
		expect(await textOf(host.run(operation, { ...parameters }))).toMatch(
			new RegExp(`^${title} is not a number.*\\| Correct it`),
		);
		expect(simulator.requests()).toEqual([]);
	});
});

describe('a call that fails', () => {
	const answer = (status: number, more = {}) =>
		simulator.faults.add({ on: 'api', kind: 'answer', status, times: 2, ...more });

	it.each([500, 502, 503])('with %d is made again, for it may pass', async (status) => {
		answer(status);
		expect(await host.json('account.get')).toHaveLength(1);
		expect(statuses()).toEqual([status, status, 200]);
	});

	it('with a broken connection is made again', async () => {
		simulator.faults.add({ on: 'api', kind: 'reset', times: 1 });
		expect(await host.json('account.get')).toHaveLength(1);
		expect(statuses()).toEqual([null, 200]);
	});

	it('with 429 is made again after Retry-After, also where it creates something', async () => {
		answer(429, { times: 1, retryAfter: 1 });
		const before = performance.now();
		expect(await sessions(1)).toHaveLength(1);
		expect(performance.now() - before).toBeGreaterThan(995);
		expect(statuses()).toEqual([429, 201]);
	});

	it('holds the others back with 429', async () => {
		const ids = await sessions(40);
		answer(429, { times: 1, retryAfter: 1 });
		const options = { batching: { batch: { batchSize: 4, batchInterval: 0 } } };
		await host.run('session.get', { sessionId, options }, itemsWith(ids));
		const [first, fifth] = simulator
			.requests()
			.slice(40)
			.filter((_, index) => index % 4 === 0);
		expect(Date.parse(fifth!.at) - Date.parse(first!.at)).toBeGreaterThan(900);
	});

	it('is given up after five attempts, and says so', async () => {
		answer(500, { times: 100 });
		expect(await textOf(host.run('account.get'))).toMatch(/failed to process the request \(500/);
		expect(statuses()).toEqual([500, 500, 500, 500, 500]);
	});

	it('with a Retry-After that nobody waits for is given up at once', async () => {
		answer(429, { retryAfter: 3_600 });
		expect(await textOf(host.run('account.get'))).toMatch(
			/rate limit is used up \(429.*\[item 0\] \| Wait 3600 seconds/,
		);
		expect(statuses()).toEqual([429]);
	});

	it('with such a Retry-After keeps the other items away as well', async () => {
		const ids = await sessions(20);
		answer(429, { retryAfter: 3_600, times: 100 });
		host.onError = 'continueRegularOutput';
		const options = { batching: { batch: { batchSize: 4, batchInterval: 0 } } };
		const output = await host.json('session.get', { sessionId, options }, itemsWith(ids));
		expect(output).toHaveLength(20);
		for (const { error } of output) expect(error).toMatch(/rate limit is used up \(429/);
		expect(statuses().filter((status) => status === 429).length).toBeLessThanOrEqual(4);
	});

	it.each([400, 401, 403, 404, 409, 422])('with %d is not made again', async (status) => {
		answer(status);
		await textOf(host.run('account.get'));
		expect(statuses()).toEqual([status]);
	});

	it('is made anew for the next item, also where all items share it', async () => {
		const parameters = { url: 'http://127.0.0.1:9/', events: ['session.failed'], active: true };
		const [webhook] = await host.json('webhook.create', {
			...parameters,
			secretSource: 'generate',
		});
		answer(400, { times: 1 });
		host.onError = 'continueRegularOutput';
		const options = { batching: { batch: { batchSize: 1, batchInterval: 0 } } };
		const one = { webhook: byId(String(webhook?.id)), options };
		const output = await host.json('webhook.get', one, itemsWith(['first', 'second', 'third']));
		expect(output).toMatchObject([
			{ error: expect.stringContaining('(400') },
			{ id: webhook?.id },
			{ id: webhook?.id },
		]);
		expect(statuses()).toEqual([201, 400, 200]);
	});

	it.each([300, 302, 399])('with %d, a redirect, goes nowhere else', async (status) => {
		answer(status);
		expect(await textOf(host.run('account.get'))).toContain(`redirect (${status})`);
		expect(statuses()).toEqual([status]);
	});
});
