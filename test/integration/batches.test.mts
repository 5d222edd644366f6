import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { waitFor } from '../support/jest.mts';

import { deliver as send, deliverAndDisconnect, SECRET } from './harness/deliver.mts';
import { executeTrigger, store } from './harness/deduplicationStore.mts';
import { TriggerHost } from './harness/triggerHost.mts';

const LONG_MS = 2_000;
let host: TriggerHost;
const deliver = async (id: string) => await send(host.url, id);
/** The event ids of each execution. */
const getStartedIds = () => host.executions.map((items) => items.map(({ json }) => json.id));
const setOptions = (options: { batchSize: number; batchWindow: number }) =>
	(host.setup.parameters.options = options);

beforeEach(async () => {
	host = await new TriggerHost({
		parameters: { events: ['session.completed'] },
		credential: { signingSecret: SECRET },
	}).start();
});
afterEach(async () => await host.stop());

/** Delivers events in order, without waiting for the responses in between. */
async function deliverInOrder(...ids: string[]): Promise<number[]> {
	const responses: Array<Promise<number>> = [];
	for (const id of ids) {
		const before = host.requests;
		responses.push(deliver(id));
		await waitFor(() => expect(host.requests).toBe(before + 1));
	}
	return await Promise.all(responses);
}

describe('events that arrive within the window', () => {
	it('start one execution in order of arrival, and all get 200', async () => {
		setOptions({ batchSize: 10, batchWindow: LONG_MS });
		expect(await deliverInOrder('evt_1', 'evt_2', 'evt_3')).toEqual([200, 200, 200]);
		expect(getStartedIds()).toEqual([['evt_1', 'evt_2', 'evt_3']]);
	});

	it('do not wait for the end of the window if the batch is full', async () => {
		setOptions({ batchSize: 2, batchWindow: LONG_MS });
		const respondedIds: string[] = [];
		const deliverAndRecord = async (...ids: string[]) => {
			await deliverInOrder(...ids);
			respondedIds.push(...ids);
		};
		const full = deliverAndRecord('evt_1', 'evt_2');
		await waitFor(() => expect(host.requests).toBe(2));
		await Promise.all([deliverAndRecord('evt_3'), full]);
		expect(respondedIds).toEqual(['evt_1', 'evt_2', 'evt_3']);
		expect(getStartedIds()).toEqual([['evt_1', 'evt_2'], ['evt_3']]);
	});

	it('start another execution if the batch is full', async () => {
		setOptions({ batchSize: 2, batchWindow: 200 });
		expect(await deliverInOrder('evt_1', 'evt_2', 'evt_3')).toEqual([200, 200, 200]);
		expect(getStartedIds()).toEqual([['evt_1', 'evt_2'], ['evt_3']]);
	});

	it('all get 500 if n8n cannot store the execution, and their retries are accepted', async () => {
		setOptions({ batchSize: 2, batchWindow: LONG_MS });
		host.canStoreExecutions = false;
		expect(await deliverInOrder('evt_1', 'evt_2')).toEqual([500, 500]);
		host.canStoreExecutions = true;
		expect(await deliverInOrder('evt_2', 'evt_1')).toEqual([200, 200]);
		expect(getStartedIds()).toEqual([['evt_2', 'evt_1']]);
	});

	it('become one item each, and duplicates get 200', async () => {
		setOptions({ batchSize: 10, batchWindow: LONG_MS });
		expect(await deliverInOrder('evt_1', 'evt_2', 'evt_1')).toEqual([200, 200, 200]);
		expect(await deliver('evt_2')).toBe(200);
		expect(getStartedIds()).toEqual([['evt_1', 'evt_2']]);
	});

	it('are accepted even if the sender of the first has disconnected', async () => {
		setOptions({ batchSize: 2, batchWindow: LONG_MS });
		const leave = deliverAndDisconnect(host.url, 'evt_1');
		await waitFor(() => expect(host.requests).toBe(1));
		leave();
		await waitFor(() => expect(host.closedRequests).toBe(1));
		expect(await deliver('evt_2')).toBe(200);
		expect(await deliver('evt_1')).toBe(200);
		expect(getStartedIds()).toEqual([['evt_1', 'evt_2']]);
	});

	it('wait for 3 seconds at most', async () => {
		setOptions({ batchSize: 10, batchWindow: 60_000 });
		const before = Date.now();
		expect(await deliver('evt_1')).toBe(200);
		expect(Date.now() - before).toBeGreaterThan(2_500);
		expect(Date.now() - before).toBeLessThan(30_000);
	});
});

describe('events that arrive while n8n stores an execution', () => {
	/** Lets n8n finish storing each execution, in the order of their start. */
	let finishStoring: Array<() => void>;
	beforeEach(() => {
		setOptions({ batchSize: 10, batchWindow: 0 });
		finishStoring = [];
		host.onStore = async () => await new Promise((resolve) => finishStoring.push(resolve));
	});

	/** Resolves when n8n stores the first event and the others have arrived. */
	async function startDelivery(first: string, ...others: string[]) {
		const responses = [deliverInOrder(first)];
		await waitFor(() => expect(finishStoring).toHaveLength(1));
		responses.push(deliverInOrder(...others));
		await waitFor(() => expect(host.requests).toBe(1 + others.length));
		return { statuses: Promise.all(responses).then((statuses) => statuses.flat()) };
	}

	it('start the next execution together, in order of arrival, and all get 200', async () => {
		const delivered = await startDelivery('evt_1', 'evt_2', 'evt_3', 'evt_4');
		finishStoring[0]!();
		await waitFor(() => expect(finishStoring).toHaveLength(2));
		finishStoring[1]!();
		expect(await delivered.statuses).toEqual([200, 200, 200, 200]);
		expect(getStartedIds()).toEqual([['evt_1'], ['evt_2', 'evt_3', 'evt_4']]);
	});

	it('are accepted even if n8n could not store the execution', async () => {
		const delivered = await startDelivery('evt_1', 'evt_2', 'evt_3');
		host.canStoreExecutions = false;
		finishStoring[0]!();
		await waitFor(() => expect(finishStoring).toHaveLength(2));
		host.canStoreExecutions = true;
		finishStoring[1]!();
		expect(await delivered.statuses).toEqual([500, 200, 200]);
		host.onStore = async () => {};
		expect(await deliver('evt_1')).toBe(200);
		expect(getStartedIds()).toEqual([['evt_2', 'evt_3'], ['evt_1']]);
	});

	it('wait at most 3 seconds', async () => {
		const delivered = await startDelivery('evt_1', 'evt_2');
		await waitFor(() => expect(finishStoring).toHaveLength(2));
		for (const finish of finishStoring) finish();
		expect(await delivered.statuses).toEqual([200, 200]);
		expect(getStartedIds()).toEqual([['evt_1'], ['evt_2']]);
	});
});

describe('an event starts its own execution', () => {
	it.each([
		['without a batch size', {}],
		['with a batch size of 1', { batchSize: 1, batchWindow: LONG_MS }],
		['with an invalid batch size', { batchSize: 'many', batchWindow: LONG_MS }],
	])('%s, without waiting', async (_, options) => {
		host.setup.parameters.options = options;
		const before = Date.now();
		await Promise.all([deliver('evt_1'), deliver('evt_2')]);
		expect(Date.now() - before).toBeLessThan(LONG_MS);
		expect(host.executions).toHaveLength(2);
	});

	it('while the editor listens, and never joins a batch', async () => {
		setOptions({ batchSize: 10, batchWindow: LONG_MS });
		const production = deliver('evt_1');
		expect(await send(host.testUrl, 'evt_2')).toBe(200);
		expect(getStartedIds()).toEqual([['evt_2']]);
		await production;
		expect(getStartedIds()).toEqual([['evt_2'], ['evt_1']]);
	});
});

describe('an execution of a batch', () => {
	const createItem = (id: string) => ({ json: { id, type: 'session.completed' } });

	it('drops only the duplicates, and keeps the paired items', async () => {
		store.reset(host.workflowId);
		await executeTrigger(host, '1', [createItem('evt_2')]);
		const items = [createItem('evt_1'), createItem('evt_2'), createItem('evt_3')];
		expect(await executeTrigger(host, '2', items)).toEqual([
			[
				{ ...createItem('evt_1'), pairedItem: { item: 0 } },
				{ ...createItem('evt_3'), pairedItem: { item: 2 } },
			],
		]);
	});

	it('returns each event at the output of its type', async () => {
		store.reset(host.workflowId);
		host.setup.parameters = {
			events: ['analysis.completed', 'session.completed'],
			output: 'perEvent',
		};
		const analysis = { json: { id: 'evt_2', type: 'analysis.completed' } };
		expect(await executeTrigger(host, '1', [createItem('evt_1'), analysis])).toMatchObject([
			[analysis],
			[createItem('evt_1')],
		]);
	});
});
