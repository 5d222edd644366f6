import type { IExecuteFunctions } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { Recorder } from '../../../nodes/MindPeekerTrigger/deduplication/recorder.ts';

let recorder: Recorder;
let stored: Set<string>;
let isFailing: boolean;
const warn = jest.fn();
/** n8n's store, as it answers a node. */
const checkProcessedAndRecord = jest.fn(async (entries: string[]) => {
	if (isFailing) throw new Error('database is locked');
	const missing = entries.filter((entry) => !stored.has(entry));
	for (const entry of missing) stored.add(entry);
	return { new: missing, processed: [] };
});
const context = {
	getExecutionId: () => '7',
	getNode: () => ({ id: 'node-1', name: 'MindPeeker Trigger' }),
	getWorkflow: () => ({ id: 'workflow-1', name: 'Events' }),
	helpers: { checkProcessedAndRecord },
	logger: { warn },
} as unknown as IExecuteFunctions;

beforeEach(() => {
	jest.useFakeTimers();
	jest.clearAllMocks();
	recorder = new Recorder();
	stored = new Set();
	isFailing = false;
});
afterEach(() => void jest.useRealTimers());

const record = async (id: string, isAmongOthers: boolean) =>
	await recorder.record({ eventIds: new Set([id]), context, isAmongOthers });
const calls = () => checkProcessedAndRecord.mock.calls.length;
const pass = async (ms: number) => await jest.advanceTimersByTimeAsync(ms);
/** What another process does that had read the store before. */
const takeAway = () => stored.clear();

it('n8n is asked to remember the last thousand events of the node, with the execution of each', async () => {
	expect(await record('evt_1', false)).toEqual(new Set(['evt_1']));
	const entries = ['evt_1|', 'evt_1|7'];
	const options = { mode: 'entries', maxEntries: 2_000 };
	expect(checkProcessedAndRecord.mock.calls).toEqual([[entries, 'node', options]]);
});

describe('what was recorded', () => {
	it('is not recorded again where no other process records', async () => {
		await record('evt_1', false);
		await pass(10_000);
		expect(calls()).toBe(1);
	});

	it('is recorded again each half second, until it has stayed for three', async () => {
		await record('evt_1', true);
		await pass(500);
		expect(calls()).toBe(2);
		await pass(60_000);
		expect(calls()).toBe(7);
	});

	it('is at risk for three seconds more where it was taken away', async () => {
		await record('evt_1', true);
		await pass(2_600);
		takeAway();
		await pass(500);
		expect(stored).toContain('evt_1|');
		await pass(2_000);
		takeAway();
		await pass(500);
		expect(stored).toContain('evt_1|');
	});

	it('of several executions is recorded again together', async () => {
		await record('evt_1', true);
		await record('evt_2', true);
		await pass(500);
		expect(calls()).toBe(3);
		expect(checkProcessedAndRecord.mock.lastCall?.[0]).toEqual([
			'evt_1|',
			'evt_1|7',
			'evt_2|',
			'evt_2|7',
		]);
	});

	it('is recorded again also where all was at rest before', async () => {
		await record('evt_1', true);
		await pass(10_000);
		await record('evt_2', true);
		takeAway();
		await pass(500);
		expect([...stored]).toEqual(['evt_2|', 'evt_2|7']);
	});

	it('is not tried again where that fails, until the next execution; the log says so', async () => {
		await record('evt_1', true);
		isFailing = true;
		await pass(10_000);
		expect(calls()).toBe(2);
		expect(warn.mock.calls.map(([message]) => message)).toEqual([
			expect.stringMatching(
				/: What was recorded last could not be recorded again: database is locked \[/,
			),
		]);
		isFailing = false;
		takeAway();
		await record('evt_2', true);
		takeAway();
		await pass(500);
		expect([...stored]).toEqual(['evt_1|', 'evt_1|7', 'evt_2|', 'evt_2|7']);
	});
});
