import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { waitFor } from '../support/jest.mts';

import { deliver as send, deliverUnheard, SECRET } from './harness/deliver.mts';
import { execute, store } from './harness/executionsOf.mts';
import { TriggerHost } from './harness/triggerHost.mts';

const LONG_MS = 2_000;
let host: TriggerHost;
const deliver = async (id: string) => await send(host.url, id);
/** The ids of the items of each execution. */
const started = () => host.executions.map((items) => items.map(({ json }) => json.id));
const batched = (options: { batchSize: number; batchWindow: number }) =>
	(host.setup.parameters.options = options);

beforeEach(async () => {
	host = await new TriggerHost({
		parameters: { events: ['session.completed'] },
		credential: { signingSecret: SECRET },
	}).start();
});
afterEach(async () => await host.stop());

/** Brings events one after the other, without waiting for the answers. */
async function deliverInOrder(...ids: string[]): Promise<number[]> {
	const answers: Array<Promise<number>> = [];
	for (const id of ids) {
		const before = host.requests;
		answers.push(deliver(id));
		await waitFor(() => expect(host.requests).toBe(before + 1));
	}
	return await Promise.all(answers);
}

describe('events that arrive within the window', () => {
	it('go into one execution, in the order of their arrival, and are all answered 200', async () => {
		batched({ batchSize: 10, batchWindow: LONG_MS });
		expect(await deliverInOrder('evt_1', 'evt_2', 'evt_3')).toEqual([200, 200, 200]);
		expect(started()).toEqual([['evt_1', 'evt_2', 'evt_3']]);
	});

	it('do not wait for its end once the batch is full', async () => {
		batched({ batchSize: 2, batchWindow: LONG_MS });
		const answered: string[] = [];
		const deliverAndNote = async (...ids: string[]) => {
			await deliverInOrder(...ids);
			answered.push(...ids);
		};
		const full = deliverAndNote('evt_1', 'evt_2');
		await waitFor(() => expect(host.requests).toBe(2));
		await Promise.all([deliverAndNote('evt_3'), full]);
		expect(answered).toEqual(['evt_1', 'evt_2', 'evt_3']);
		expect(started()).toEqual([['evt_1', 'evt_2'], ['evt_3']]);
	});

	it('and beyond the batch size go into the next one', async () => {
		batched({ batchSize: 2, batchWindow: 200 });
		expect(await deliverInOrder('evt_1', 'evt_2', 'evt_3')).toEqual([200, 200, 200]);
		expect(started()).toEqual([['evt_1', 'evt_2'], ['evt_3']]);
	});

	it('are all answered 500 where n8n cannot take them, and taken when they come again', async () => {
		batched({ batchSize: 2, batchWindow: LONG_MS });
		host.canStore = false;
		expect(await deliverInOrder('evt_1', 'evt_2')).toEqual([500, 500]);
		host.canStore = true;
		expect(await deliverInOrder('evt_2', 'evt_1')).toEqual([200, 200]);
		expect(started()).toEqual([['evt_2', 'evt_1']]);
	});

	it('and twice are one item, and all copies are answered 200', async () => {
		batched({ batchSize: 10, batchWindow: LONG_MS });
		expect(await deliverInOrder('evt_1', 'evt_2', 'evt_1')).toEqual([200, 200, 200]);
		expect(await deliver('evt_2')).toBe(200);
		expect(started()).toEqual([['evt_1', 'evt_2']]);
	});

	it('are taken although the sender of the first has gone', async () => {
		batched({ batchSize: 2, batchWindow: LONG_MS });
		const leave = deliverUnheard(host.url, 'evt_1');
		await waitFor(() => expect(host.requests).toBe(1));
		leave();
		await waitFor(() => expect(host.closed).toBe(1));
		expect(await deliver('evt_2')).toBe(200);
		expect(await deliver('evt_1')).toBe(200);
		expect(started()).toEqual([['evt_1', 'evt_2']]);
	});

	it('wait for 3 seconds at most, whatever is asked for', async () => {
		batched({ batchSize: 10, batchWindow: 60_000 });
		const before = Date.now();
		expect(await deliver('evt_1')).toBe(200);
		expect(Date.now() - before).toBeGreaterThan(2_500);
		expect(Date.now() - before).toBeLessThan(30_000);
	});
});

describe('an event has an execution of its own', () => {
	it.each([
		['where no batch size is set', {}],
		['with a batch size of 1', { batchSize: 1, batchWindow: LONG_MS }],
		['with a batch size that is no number', { batchSize: 'many', batchWindow: LONG_MS }],
	])('%s, without waiting', async (_, options) => {
		host.setup.parameters.options = options;
		const before = Date.now();
		await Promise.all([deliver('evt_1'), deliver('evt_2')]);
		expect(Date.now() - before).toBeLessThan(LONG_MS);
		expect(host.executions).toHaveLength(2);
	});

	it('while the editor listens, and never joins those of production', async () => {
		batched({ batchSize: 10, batchWindow: LONG_MS });
		const production = deliver('evt_1');
		expect(await send(host.testUrl, 'evt_2')).toBe(200);
		expect(started()).toEqual([['evt_2']]);
		await production;
		expect(started()).toEqual([['evt_2'], ['evt_1']]);
	});
});

describe('an execution of several events', () => {
	const item = (id: string) => ({ json: { id, type: 'session.completed' } });

	it('leaves out those alone that another execution has had, and keeps what belongs together', async () => {
		store.reset(host.workflowId);
		await execute(host, '1', [item('evt_2')]);
		const items = [item('evt_1'), item('evt_2'), item('evt_3')];
		expect(await execute(host, '2', items)).toEqual([
			[
				{ ...item('evt_1'), pairedItem: { item: 0 } },
				{ ...item('evt_3'), pairedItem: { item: 2 } },
			],
		]);
	});

	it('gives each to the output of its type', async () => {
		store.reset(host.workflowId);
		host.setup.parameters = {
			events: ['analysis.completed', 'session.completed'],
			output: 'perEvent',
		};
		const analysis = { json: { id: 'evt_2', type: 'analysis.completed' } };
		expect(await execute(host, '1', [item('evt_1'), analysis])).toMatchObject([
			[analysis],
			[item('evt_1')],
		]);
	});
});
