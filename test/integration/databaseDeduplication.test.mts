import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { waitFor } from '../support/jest.mts';

import { MAX_STORED_EVENTS } from '../../nodes/MindPeekerTrigger/deduplication/processedEventStore.ts';
import { RESPONSE_TIMEOUT_MS } from '../../nodes/shared/retrySchedule.ts';
import { deliver, SECRET } from './harness/deliver.mts';
import { executeTrigger, store } from './harness/deduplicationStore.mts';
import { TriggerHost } from './harness/triggerHost.mts';

const item = (id: string, index = 0) => ({
	json: { id, type: 'session.completed', data: {} },
	pairedItem: { item: index },
});
const [first, second] = [item('evt_1'), item('evt_2')];
let host: TriggerHost;

beforeEach(() => {
	host = new TriggerHost({ parameters: { events: ['session.completed'] }, credential: {} });
	store.reset(host.workflowId);
});

describe('an event in an execution', () => {
	it('passes unchanged', async () => {
		expect(await executeTrigger(host, '1', [first])).toEqual([[first]]);
	});

	it('is dropped if another execution has processed it', async () => {
		await executeTrigger(host, '1', [first]);
		expect(await executeTrigger(host, '2', [first])).toEqual([[]]);
		expect(await executeTrigger(host, '3', [second])).toEqual([[second]]);
	});

	it('passes if the same execution runs again after a crash', async () => {
		await executeTrigger(host, '1', [first]);
		expect(await executeTrigger(host, '1', [first])).toEqual([[first]]);
		expect(await executeTrigger(host, '2', [first])).toEqual([[]]);
	});

	it('passes if the user retries the execution', async () => {
		await executeTrigger(host, '1', [first]);
		expect(await executeTrigger(host, '2', [first], 'retry')).toEqual([[first]]);
	});

	it('passes while the editor listens, and is not recorded', async () => {
		expect(await executeTrigger(host, '1', [first], 'manual')).toEqual([[first]]);
		expect(await executeTrigger(host, '2', [first], 'manual')).toEqual([[first]]);
		expect(store.calls).toBe(0);
	});

	it('passes if the database fails', async () => {
		store.isFailing = true;
		expect(await executeTrigger(host, '1', [first])).toEqual([[first]]);
		expect(host.log).toMatchObject([
			{
				level: 'warn',
				message: expect.stringContaining(
					': Processing 1 events without a check for duplicates: database is locked [',
				),
			},
		]);
	});

	it('is logged with its ID and its execution if it is dropped', async () => {
		await executeTrigger(host, '1', [first]);
		await executeTrigger(host, '2', [first]);
		const metadata = {
			outcome: 'duplicate',
			eventId: 'evt_1',
			eventType: 'session.completed',
			executionId: '2',
		};
		expect(host.log).toMatchObject([{ level: 'info', metadata }]);
	});

	it('passes once if it is contained in two items', async () => {
		const items = [first, item('evt_1', 1), item('evt_2', 2)];
		expect(await executeTrigger(host, '1', items)).toEqual([[first, item('evt_2', 2)]]);
	});

	it.each(['memory', 'off'])('is not recorded if deduplication is "%s"', async (deduplication) => {
		host.setup.parameters = { ...host.setup.parameters, options: { deduplication } };
		await executeTrigger(host, '1', [first]);
		expect(await executeTrigger(host, '2', [first])).toEqual([[first]]);
		expect(store.calls).toBe(0);
	});
});

describe('an event whose delivery has no response yet', () => {
	let unblock = () => {};
	let status: Promise<number>;

	beforeEach(async () => {
		host.setup.credential = { signingSecret: SECRET };
		await host.start();
		const blocked = new Promise<void>((resolve) => (unblock = resolve));
		host.onStore = async () => await blocked;
		status = deliver(host.url, 'evt_1');
		await waitFor(() => expect(host.results).toHaveLength(1));
	});
	afterEach(async () => {
		unblock();
		await host.stop();
	});

	it('is recorded after the response, so that the retry after an earlier crash is accepted', async () => {
		const execution = executeTrigger(host, '1', host.results[0]!);
		await new Promise((resolve) => setTimeout(resolve, 100));
		expect(store.calls).toBe(0);
		unblock();
		expect(await status).toBe(200);
		expect(await execution).toMatchObject([host.results[0]]);
		// Events that this process received are recorded only once.
		await new Promise((resolve) => setTimeout(resolve, 600));
		expect(store.calls).toBe(1);
	});

	it('does not delay an execution of the same event from before a restart', async () => {
		const startedAt = Date.now();
		expect(await executeTrigger(host, '1', [structuredClone(first)])).toEqual([[first]]);
		expect(Date.now() - startedAt).toBeLessThan(RESPONSE_TIMEOUT_MS);
		unblock();
		expect(await executeTrigger(host, '2', host.results[0]!)).toEqual([[]]);
	});
});

describe('an event that another process received, as in queue mode', () => {
	// Another worker writes back an outdated copy.
	const overwriteByOtherWorker = () => (store.entries = []);
	const getEventKeys = () => store.entries.filter((entry) => String(entry).endsWith('|'));

	it('is recorded again after another worker has overwritten the store', async () => {
		await executeTrigger(host, '1', [first]);
		overwriteByOtherWorker();
		await waitFor(async () => expect(await getEventKeys()).toEqual(['evt_1|']));
		overwriteByOtherWorker();
		await waitFor(async () => expect(await getEventKeys()).toEqual(['evt_1|']));
	});

	it('is recorded again together with the next one', async () => {
		await executeTrigger(host, '1', [first]);
		overwriteByOtherWorker();
		await executeTrigger(host, '2', [second]);
		expect(getEventKeys()).toEqual(['evt_2|', 'evt_1|']);
	});

	it('is dropped by the same worker while its record is missing, and passes if its execution runs again', async () => {
		await executeTrigger(host, '1', [first]);
		overwriteByOtherWorker();
		expect(await executeTrigger(host, '2', [first])).toEqual([[]]);
		overwriteByOtherWorker();
		expect(await executeTrigger(host, '1', [first])).toEqual([[first]]);
	});

	it('is recorded later after an error, and its duplicate is dropped', async () => {
		store.isFailing = true;
		expect(await executeTrigger(host, '1', [first])).toEqual([[first]]);
		store.isFailing = false;
		expect(await executeTrigger(host, '2', [first])).toEqual([[]]);
		expect(getEventKeys()).toEqual(['evt_1|']);
	});
});

describe('a burst of executions', () => {
	it('keeps every record with few calls, and passes one of two duplicates', async () => {
		const ids = Array.from({ length: 200 }, (_, index) => `evt_${index % 100}`);
		const outputs = await Promise.all(
			ids.map(async (id, index) => await executeTrigger(host, String(index), [item(id)])),
		);
		expect(outputs.filter(([items]) => items?.length === 1)).toHaveLength(100);
		expect(store.entries.filter((entry) => String(entry).endsWith('|'))).toHaveLength(100);
		expect(store.calls).toBeLessThan(20);
	});

	it('larger than the capacity drops only the oldest records', async () => {
		for (let index = 0; index <= MAX_STORED_EVENTS; index += 100) {
			const items = Array.from({ length: 100 }, (_, offset) => item(`evt_${index + offset}`));
			await executeTrigger(host, String(index), items);
		}
		expect(await executeTrigger(host, 'late', [item(`evt_${MAX_STORED_EVENTS}`)])).toEqual([[]]);
		expect(await executeTrigger(host, 'late', [item('evt_0')])).toHaveProperty(
			'0.0.json.id',
			'evt_0',
		);
	});
});
