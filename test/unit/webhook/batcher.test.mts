import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { Batcher, type BatchEntry } from '../../../nodes/MindPeekerTrigger/webhook/batcher.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const createEvent = (id: string) => ({ id, type: 'session.completed', data: {} });

describe('a batch', () => {
	const getIds = async ({ first }: BatchEntry) => (await first?.events)?.map(({ id }) => id);

	it('contains what arrives within its window', async () => {
		const batcher = new Batcher();
		const limits = { batchSize: 10, batchWindow: 1_000 };
		const entry = batcher.add(createEvent('evt_1'), limits);
		batcher.add(createEvent('evt_2'), limits);
		await jest.advanceTimersByTimeAsync(999);
		batcher.add(createEvent('evt_3'), limits);
		await jest.advanceTimersByTimeAsync(1);
		batcher.add(createEvent('evt_4'), limits);
		expect(await getIds(entry)).toEqual(['evt_1', 'evt_2', 'evt_3']);
	});

	it('is not closed by the window of an earlier batch that was full', async () => {
		const batcher = new Batcher();
		const limits = { batchSize: 2, batchWindow: 1_000 };
		batcher.add(createEvent('evt_1'), limits);
		batcher.add(createEvent('evt_2'), limits);
		await jest.advanceTimersByTimeAsync(500);
		const entry = batcher.add(createEvent('evt_3'), limits);
		await jest.advanceTimersByTimeAsync(600);
		batcher.add(createEvent('evt_4'), limits);
		expect(await getIds(entry)).toEqual(['evt_3', 'evt_4']);
	});
});

describe('a batch without a window', () => {
	const LIMITS = { batchSize: 3, batchWindow: 0 };
	let batcher: Batcher;
	/** The IDs of the events of each closed batch. */
	let batches: string[][];
	let resolvers: Array<(isAccepted: boolean) => void>;
	beforeEach(() => {
		batcher = new Batcher();
		batches = [];
		resolvers = [];
	});

	function add(id: string): BatchEntry {
		const entry = batcher.add(createEvent(id), LIMITS);
		const { first } = entry;
		void first?.events.then((events) => {
			batches.push(events.map((event) => String(event.id)));
			resolvers.push(first.resolveBatch);
		});
		return entry;
	}
	const addAll = (...ids: string[]) => ids.map(add);
	/** Runs the callbacks of promises that are resolved. */
	const settle = async () => await jest.advanceTimersByTimeAsync(0);

	it('starts with the first event at once', async () => {
		add('evt_1');
		await settle();
		expect(batches).toEqual([['evt_1']]);
	});

	it.each([true, false])('contains what arrived until n8n responded: %s', async (isAccepted) => {
		addAll('evt_1', 'evt_2', 'evt_3');
		await settle();
		expect(batches).toEqual([['evt_1']]);
		resolvers[0]!(isAccepted);
		await settle();
		expect(batches).toEqual([['evt_1'], ['evt_2', 'evt_3']]);
	});

	it('starts at once when it is full, and the next one waits for it', async () => {
		addAll('evt_1', 'evt_2', 'evt_3', 'evt_4', 'evt_5');
		await settle();
		expect(batches).toEqual([['evt_1'], ['evt_2', 'evt_3', 'evt_4']]);
		resolvers[0]!(true);
		await settle();
		expect(batches).toHaveLength(2);
		resolvers[1]!(true);
		await settle();
		expect(batches[2]).toEqual(['evt_5']);
	});

	it('starts at once again after n8n has responded', async () => {
		add('evt_1');
		await settle();
		resolvers[0]!(true);
		add('evt_2');
		await settle();
		expect(batches).toEqual([['evt_1'], ['evt_2']]);
	});

	it('waits at most 3 seconds from the start of the previous one', async () => {
		add('evt_1');
		await jest.advanceTimersByTimeAsync(2_000);
		add('evt_2');
		await jest.advanceTimersByTimeAsync(999);
		expect(batches).toHaveLength(1);
		await jest.advanceTimersByTimeAsync(1);
		expect(batches).toEqual([['evt_1'], ['evt_2']]);
	});

	it('does not wait for an execution that n8n has been storing for 3 seconds', async () => {
		add('evt_1');
		await jest.advanceTimersByTimeAsync(3_000);
		add('evt_2');
		await settle();
		expect(batches).toEqual([['evt_1'], ['evt_2']]);
	});

	it('returns the result of its own execution to each event', async () => {
		const entries = addAll('evt_1', 'evt_2', 'evt_3');
		await settle();
		resolvers[0]!(false);
		await settle();
		resolvers[1]!(true);
		expect(await Promise.all(entries.map(async ({ isAccepted }) => await isAccepted))).toEqual([
			false,
			true,
			true,
		]);
	});
});

describe('batches in any order of events, responses and pauses', () => {
	const step = fc.oneof(
		{ weight: 4, arbitrary: fc.constant({ do: 'add' } as const) },
		{ weight: 2, arbitrary: fc.record({ do: fc.constant('respond' as const), index: fc.nat() }) },
		{ weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(4_000) }) },
	);
	const limits = fc.record({
		batchSize: fc.integer({ min: 2, max: 4 }),
		batchWindow: fc.constantFrom(0, 0, 1, 500, 3_000),
	});

	it('contain each event once and in order, are never too large, and start within 3 seconds', async () => {
		await fc.assert(
			fc.asyncProperty(limits, fc.array(step, { maxLength: 40 }), async (settings, steps) => {
				const batcher = new Batcher();
				const arrivals: number[] = [];
				const waits: number[] = [];
				const batches: Array<{ ids: number[]; respond: (isAccepted: boolean) => void }> = [];
				const pending: typeof batches = [];
				for (const action of [...steps, { do: 'wait', ms: 3_000 } as const]) {
					if (action.do === 'add') {
						const id = arrivals.push(Date.now()) - 1;
						const { first } = batcher.add(createEvent(String(id)), settings);
						void first?.events.then((events) => {
							const ids = events.map((event) => Number(event.id));
							waits.push(...ids.map((each) => Date.now() - arrivals[each]!));
							const batch = { ids, respond: first.resolveBatch };
							batches.push(batch);
							pending.push(batch);
						});
					} else if (action.do === 'respond' && pending.length > 0) {
						const [batch] = pending.splice(action.index % pending.length, 1);
						batch!.respond(action.index % 2 === 0);
					}
					await jest.advanceTimersByTimeAsync(action.do === 'wait' ? action.ms : 0);
				}
				expect(batches.flatMap(({ ids }) => ids)).toEqual(arrivals.map((_, id) => id));
				expect(Math.max(0, ...waits)).toBeLessThanOrEqual(3_000);
				for (const { ids } of batches) expect(ids.length).toBeLessThanOrEqual(settings.batchSize);
			}),
			{ numRuns: 200 },
		);
	});
});
