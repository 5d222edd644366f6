import type { IExecuteFunctions } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import {
	coalesce,
	ProcessedEventStore,
	UnconfirmedWrites,
} from '../../../nodes/MindPeekerTrigger/deduplication/processedEventStore.ts';

let store: ProcessedEventStore;
let storedKeys: Set<string>;
let isFailing: boolean;
const warn = jest.fn();
/** n8n's function, with its store in memory. */
const checkProcessedAndRecord = jest.fn(async (keys: string[]) => {
	if (isFailing) throw new Error('database is locked');
	const missing = keys.filter((key) => !storedKeys.has(key));
	for (const key of missing) storedKeys.add(key);
	return { new: missing, processed: [] };
});
const context = {
	getExecutionId: () => '7',
	getNode: () => ({ id: 'node-1', name: 'MindPeeker Trigger' }),
	getWorkflow: () => ({ id: 'workflow-1', name: 'Events' }),
	helpers: { checkProcessedAndRecord },
	logger: { warn },
} as unknown as IExecuteFunctions;

const record = async (id: string, hasConcurrentWriters: boolean, executionId = '7') =>
	await store.record({
		eventIds: new Set([id]),
		context: { ...context, getExecutionId: () => executionId },
		hasConcurrentWriters,
	});
const calls = () => checkProcessedAndRecord.mock.calls.length;
const advance = async (ms: number) => await jest.advanceTimersByTimeAsync(ms);
/** Another process writes back an outdated copy. */
const overwriteByOtherProcess = () => storedKeys.clear();

describe('the store', () => {
	beforeEach(() => {
		jest.useFakeTimers();
		jest.clearAllMocks();
		store = new ProcessedEventStore();
		storedKeys = new Set();
		isFailing = false;
	});
	afterEach(() => void jest.useRealTimers());

	it('n8n stores the latest thousand events of the node, each with its execution', async () => {
		expect(await record('evt_1', false)).toEqual(new Set(['evt_1']));
		const keys = ['evt_1|', 'evt_1|7'];
		const options = { mode: 'entries', maxEntries: 2_000 };
		expect(checkProcessedAndRecord.mock.calls).toEqual([[keys, 'node', options]]);
	});

	it('returns each event to one execution, even if several are recorded at the same time', async () => {
		const results = await Promise.all([
			record('evt_1', false, '1'),
			record('evt_2', false, '2'),
			record('evt_2', false, '3'),
			record('evt_1', false, '4'),
		]);
		expect(results.map((ids) => [...ids])).toEqual([['evt_1'], ['evt_2'], [], []]);
	});

	describe('a recorded event', () => {
		it('is returned only to its own execution, even after it was overwritten', async () => {
			await record('evt_1', true);
			overwriteByOtherProcess();
			expect(await record('evt_1', true, '8')).toEqual(new Set());
			overwriteByOtherProcess();
			expect(await record('evt_1', true)).toEqual(new Set(['evt_1']));
		});

		it('is not recorded again if no other process writes', async () => {
			await record('evt_1', false);
			await advance(10_000);
			expect(calls()).toBe(1);
		});

		it('is recorded again every half second, until it has been stored for three seconds', async () => {
			await record('evt_1', true);
			await advance(500);
			expect(calls()).toBe(2);
			await advance(60_000);
			expect(calls()).toBe(7);
		});

		it('stays unconfirmed for three more seconds after it was overwritten', async () => {
			await record('evt_1', true);
			await advance(2_600);
			overwriteByOtherProcess();
			await advance(500);
			expect(storedKeys).toContain('evt_1|');
			await advance(2_000);
			overwriteByOtherProcess();
			await advance(500);
			expect(storedKeys).toContain('evt_1|');
		});

		it('is recorded again together with those of other executions', async () => {
			await record('evt_1', true);
			await record('evt_2', true);
			await advance(500);
			expect(calls()).toBe(3);
			expect(checkProcessedAndRecord.mock.lastCall?.[0]).toEqual([
				'evt_1|',
				'evt_1|7',
				'evt_2|',
				'evt_2|7',
			]);
		});

		it('is recorded again even after a pause', async () => {
			await record('evt_1', true);
			await advance(10_000);
			await record('evt_2', true);
			overwriteByOtherProcess();
			await advance(500);
			expect([...storedKeys]).toEqual(['evt_2|', 'evt_2|7']);
		});

		it('is not recorded again after an error until the next execution, and the error is logged', async () => {
			await record('evt_1', true);
			isFailing = true;
			await advance(10_000);
			expect(calls()).toBe(2);
			expect(warn.mock.calls.map(([message]) => message)).toEqual([
				expect.stringMatching(/: Could not record the latest events again: database is locked \[/),
			]);
			isFailing = false;
			overwriteByOtherProcess();
			await record('evt_2', true);
			overwriteByOtherProcess();
			await advance(500);
			expect([...storedKeys]).toEqual(['evt_1|', 'evt_1|7', 'evt_2|', 'evt_2|7']);
		});
	});
});

describe('unconfirmed writes', () => {
	const wasMissing = () => true;
	const wasStored = () => false;

	it('keeps a key until it has been stored for a while', () => {
		const writes = new UnconfirmedWrites();
		writes.add(['a'], 0);
		writes.confirm(['a'], wasStored, 500);
		expect(writes.keys()).toEqual(['a']);
		expect(writes.size).toBe(1);
		writes.confirm(['a'], wasStored, 3_000);
		expect(writes.keys()).toEqual([]);
		expect(writes.size).toBe(0);
	});

	it('starts over with a key that was missing', () => {
		const writes = new UnconfirmedWrites();
		writes.add(['a', 'b'], 0);
		writes.confirm(['a', 'b'], (key) => key === 'a', 2_900);
		writes.confirm(['a', 'b'], wasStored, 3_500);
		expect(writes.keys()).toEqual(['a']);
		writes.confirm(['a'], wasMissing, 10_000);
		expect(writes.has('a')).toBe(true);
	});

	it('keeps keys that were added during the write', () => {
		const writes = new UnconfirmedWrites();
		writes.add(['a'], 0);
		writes.add(['b'], 3_000);
		writes.confirm(['a'], wasStored, 3_000);
		expect(writes.keys()).toEqual(['b']);
	});

	it('ignores unknown keys', () => {
		const writes = new UnconfirmedWrites();
		writes.confirm(['a'], wasStored, 1_000);
		expect(writes.keys()).toEqual([]);
	});

	it('drops the oldest keys when there are too many', () => {
		const writes = new UnconfirmedWrites();
		writes.add(
			Array.from({ length: 1_500 }, (_, index) => String(index)),
			0,
		);
		expect(writes.keys()).toHaveLength(1_000);
		expect(writes.has('499')).toBe(false);
		expect(writes.has('500')).toBe(true);
	});
});

/** A function that records its calls, each of which is resolved by the test. */
function createControlledCall() {
	const calls: Array<{ values: number[]; resolve: () => void; reject: () => void }> = [];
	const call = async (values: number[]) =>
		await new Promise<number[]>((resolve, reject) => {
			const resolveCall = () => resolve(values.map((value) => value * 10));
			calls.push({ values, resolve: resolveCall, reject: () => reject(new Error('failed')) });
		});
	return { calls, coalesced: coalesce(call) };
}
const nextTurn = async () => await new Promise((resolve) => setImmediate(resolve));

describe('coalesced calls', () => {
	it('start immediately if none is running', async () => {
		const { calls, coalesced } = createControlledCall();
		const result = coalesced(1);
		expect(calls.map(({ values }) => values)).toEqual([[1]]);
		calls[0]!.resolve();
		expect(await result).toBe(10);
	});

	it('are combined while one is running, and each returns its own result', async () => {
		const { calls, coalesced } = createControlledCall();
		const results = Promise.all([coalesced(1), coalesced(2), coalesced(3)]);
		expect(calls.map(({ values }) => values)).toEqual([[1]]);
		calls[0]!.resolve();
		await nextTurn();
		expect(calls.map(({ values }) => values)).toEqual([[1], [2, 3]]);
		calls[1]!.resolve();
		expect(await results).toEqual([10, 20, 30]);
	});

	it('continue after an error, which rejects only the calls combined in it', async () => {
		const { calls, coalesced } = createControlledCall();
		const [first, second] = [coalesced(1), coalesced(2)];
		calls[0]!.reject();
		await expect(first).rejects.toThrow('failed');
		calls[1]!.resolve();
		expect(await second).toBe(20);
		const third = coalesced(3);
		calls[2]!.resolve();
		expect(await third).toBe(30);
	});
});
