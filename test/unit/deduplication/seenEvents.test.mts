import fc from 'fast-check';
import type { IWebhookFunctions } from 'n8n-workflow';
import { describe, expect, it, jest } from '@jest/globals';

import {
	getSeenEvents,
	SeenEvents,
	type Claim,
} from '../../../nodes/MindPeekerTrigger/deduplication/seenEvents.ts';

const KEEP_MS = 1_000;
const createSeenEvents = (capacity = 1_000, onOverflow?: () => void) =>
	new SeenEvents({ capacity, keepMs: KEEP_MS }, onOverflow);
const expectNew = (claim: Claim) => {
	if (claim.status !== 'new') throw new Error(`The claim is ${claim.status}`);
	return claim;
};
const accept = (seenEvents: SeenEvents, id: string, now: number) =>
	expectNew(seenEvents.claim(id, now, KEEP_MS)).settle(true, now);

describe('SeenEvents', () => {
	it('reports the first delivery of an event as new', () => {
		expect(createSeenEvents().claim('evt_1', 0, KEEP_MS).status).toBe('new');
	});

	it('reports a second delivery of an accepted event as a duplicate', () => {
		const seenEvents = createSeenEvents();
		accept(seenEvents, 'evt_1', 0);
		expect(seenEvents.claim('evt_1', 1, KEEP_MS).status).toBe('accepted');
		expect(seenEvents.claim('evt_2', 1, KEEP_MS).status).toBe('new');
	});

	it('forgets an event that n8n did not accept', () => {
		const seenEvents = createSeenEvents();
		expectNew(seenEvents.claim('evt_1', 0, KEEP_MS)).settle(false, 0);
		expect(seenEvents.claim('evt_1', 1, KEEP_MS).status).toBe('new');
	});

	it.each([true, false])(
		'shares the outcome of the pending delivery with all others: %s',
		async (isAccepted) => {
			const seenEvents = createSeenEvents();
			const { settle } = expectNew(seenEvents.claim('evt_1', 0, KEEP_MS));
			const duplicates = [
				seenEvents.claim('evt_1', 0, KEEP_MS),
				seenEvents.claim('evt_1', 0, KEEP_MS),
			];
			settle(isAccepted, 1);
			const outcomes = duplicates.map((claim) => claim.status === 'pending' && claim.outcome);
			expect(await Promise.all(outcomes)).toEqual([isAccepted, isAccepted]);
		},
	);

	it('keeps a pending delivery when older events are dropped', () => {
		const seenEvents = createSeenEvents();
		expectNew(seenEvents.claim('evt_1', 0, 10 * KEEP_MS));
		for (const round of [1, 2, 3]) accept(seenEvents, `evt_other_${round}`, round * KEEP_MS);
		expect(seenEvents.claim('evt_1', 3 * KEEP_MS, KEEP_MS).status).toBe('pending');
	});

	it('rejects a timed-out delivery when it rotates, and notifies the waiting ones', async () => {
		const seenEvents = createSeenEvents();
		expectNew(seenEvents.claim('evt_1', 0, 2 * KEEP_MS));
		const duplicate = seenEvents.claim('evt_1', 1, KEEP_MS);
		accept(seenEvents, 'evt_2', 2 * KEEP_MS);
		expect(duplicate.status === 'pending' && (await duplicate.outcome)).toBe(false);
	});

	it('forgets an event that n8n did not accept, even after a rotation', () => {
		const seenEvents = createSeenEvents();
		const { settle } = expectNew(seenEvents.claim('evt_1', 0, 10 * KEEP_MS));
		accept(seenEvents, 'evt_2', KEEP_MS);
		settle(false, KEEP_MS);
		expect(seenEvents.claim('evt_1', KEEP_MS, KEEP_MS).status).toBe('new');
	});

	it('rejects a timed-out delivery when the event is delivered again', async () => {
		const seenEvents = createSeenEvents();
		expectNew(seenEvents.claim('evt_1', 0, 10));
		const duplicate = seenEvents.claim('evt_1', 1, KEEP_MS);
		expect(seenEvents.claim('evt_1', 10, KEEP_MS).status).toBe('new');
		expect(duplicate.status === 'pending' && (await duplicate.outcome)).toBe(false);
	});

	it('keeps all pending deliveries, in whatever order the others end', () => {
		const seenEvents = createSeenEvents();
		const ids = ['evt_1', 'evt_2', 'evt_3', 'evt_4'];
		const settlers = ids.map((id) => expectNew(seenEvents.claim(id, 0, 10 * KEEP_MS)).settle);
		settlers[0]!(true, 0);
		settlers[3]!(true, 0);
		for (const round of [1, 2, 3]) accept(seenEvents, `evt_other_${round}`, round * KEEP_MS);
		const statuses = ids.map((id) => seenEvents.claim(id, 3 * KEEP_MS, KEEP_MS).status);
		expect(statuses).toEqual(['new', 'pending', 'pending', 'new']);
	});

	it('remembers an accepted event until the second rotation, exactly when that is due', () => {
		const seenEvents = createSeenEvents();
		accept(seenEvents, 'evt_1', 0);
		accept(seenEvents, 'evt_2', KEEP_MS);
		expect(seenEvents.claim('evt_1', KEEP_MS, KEEP_MS).status).toBe('accepted');
		expect(seenEvents.claim('evt_1', 2 * KEEP_MS, KEEP_MS).status).toBe('new');
	});

	it('stores each event once', () => {
		const seenEvents = createSeenEvents();
		expectNew(seenEvents.claim('evt_1', 0, 10 * KEEP_MS));
		accept(seenEvents, 'evt_2', 0);
		expect(seenEvents.size).toBe(2);
		accept(seenEvents, 'evt_3', KEEP_MS);
		expect(seenEvents.size).toBe(3);
	});

	it('does not exceed its capacity when a long-pending delivery is settled', () => {
		const seenEvents = createSeenEvents(4);
		const { settle } = expectNew(seenEvents.claim('evt_1', 0, KEEP_MS));
		for (const id of ['evt_2', 'evt_3', 'evt_4']) expectNew(seenEvents.claim(id, 0, KEEP_MS));
		settle(true, 0);
		expect(seenEvents.size).toBeLessThanOrEqual(4);
	});

	it('reports an overflow once both generations are full', () => {
		let overflows = 0;
		const seenEvents = createSeenEvents(10, () => overflows++);
		for (let index = 1; index <= 8; index++) accept(seenEvents, `evt_${index}`, 0);
		expect(overflows).toBe(0);
		accept(seenEvents, 'evt_9', 0);
		expect(overflows).toBe(1);
	});

	it('ignores all but the first outcome', () => {
		const seenEvents = createSeenEvents();
		const { settle } = expectNew(seenEvents.claim('evt_1', 0, KEEP_MS));
		settle(false, 0);
		settle(true, 0);
		expect(seenEvents.claim('evt_1', 1, KEEP_MS).status).toBe('new');
	});

	it('remembers an event for at least the configured time, but not forever', () => {
		const seenEvents = createSeenEvents();
		accept(seenEvents, 'evt_1', 0);
		accept(seenEvents, 'evt_2', KEEP_MS - 1);
		expect(seenEvents.claim('evt_2', 2 * KEEP_MS - 2, KEEP_MS).status).toBe('accepted');
		expect(seenEvents.claim('evt_1', 3 * KEEP_MS, KEEP_MS).status).toBe('new');
	});

	it('times out a delivery without an outcome, and then accepts a new one', async () => {
		const seenEvents = createSeenEvents();
		const timedOut = expectNew(seenEvents.claim('evt_1', 0, KEEP_MS));
		const duplicate = seenEvents.claim('evt_1', 1, KEEP_MS);
		accept(seenEvents, 'evt_2', 2 * KEEP_MS);
		expect(duplicate.status === 'pending' && (await duplicate.outcome)).toBe(false);
		const retry = expectNew(seenEvents.claim('evt_1', 2 * KEEP_MS, KEEP_MS));
		timedOut.settle(true, 2 * KEEP_MS);
		expect(seenEvents.claim('evt_1', 2 * KEEP_MS, KEEP_MS).status).toBe('pending');
		retry.settle(true, 2 * KEEP_MS);
		expect(seenEvents.claim('evt_1', 2 * KEEP_MS, KEEP_MS).status).toBe('accepted');
	});

	it('times out a delivery exactly at its timeout, and ignores its late outcome', () => {
		const seenEvents = createSeenEvents();
		const timedOut = expectNew(seenEvents.claim('evt_1', 0, 10));
		expect(seenEvents.claim('evt_1', 9, KEEP_MS).status).toBe('pending');
		const retry = expectNew(seenEvents.claim('evt_1', 10, 10));
		timedOut.settle(false, 10);
		expect(seenEvents.claim('evt_1', 11, KEEP_MS).status).toBe('pending');
		retry.settle(true, 11);
		expect(seenEvents.claim('evt_1', 12, KEEP_MS).status).toBe('accepted');
	});

	it('never exceeds its capacity: it drops the oldest events and reports an overflow', () => {
		let overflows = 0;
		const seenEvents = createSeenEvents(10, () => overflows++);
		for (let index = 0; index < 100; index++) {
			accept(seenEvents, `evt_${index}`, index / 100);
			expect(seenEvents.size).toBeLessThanOrEqual(10);
		}
		expect(seenEvents.claim('evt_99', 1, KEEP_MS).status).toBe('accepted');
		expect(seenEvents.claim('evt_0', 1, KEEP_MS).status).toBe('new');
		expect(overflows).toBeGreaterThan(0);
	});

	it('reports no overflow while there is room', () => {
		let overflows = 0;
		const seenEvents = createSeenEvents(10, () => overflows++);
		for (let index = 0; index < 100; index++) accept(seenEvents, `evt_${index}`, index * KEEP_MS);
		expect(overflows).toBe(0);
	});
});

/** A reference implementation with lists, without limits for time and memory. */
class NaiveSeenEvents {
	private readonly accepted: string[] = [];
	private pending: Array<{ id: string; waiting: string[] }> = [];
	/** The result of each delivery, in the order in which they were known. */
	readonly results: string[] = [];

	claim(id: string, delivery: string): 'new' | 'other' {
		const pending = this.pending.find((one) => one.id === id);
		if (this.accepted.includes(id)) this.results.push(`${delivery} accepted`);
		else if (pending) pending.waiting.push(delivery);
		else {
			this.pending.push({ id, waiting: [] });
			return 'new';
		}
		return 'other';
	}

	settle(id: string, delivery: string, isAccepted: boolean): void {
		const pending = this.pending.find((one) => one.id === id)!;
		this.pending = this.pending.filter((one) => one !== pending);
		if (isAccepted) this.accepted.push(id);
		for (const one of [delivery, ...pending.waiting]) this.results.push(`${one} ${isAccepted}`);
	}
}

describe('SeenEvents, in every order of deliveries and responses', () => {
	const delivery = fc.record({ id: fc.constantFrom('a', 'b', 'c'), isAccepted: fc.boolean() });

	it('returns the same results as a list-based implementation', async () => {
		await fc.assert(
			fc.asyncProperty(fc.scheduler(), fc.array(delivery, { maxLength: 25 }), async (s, all) => {
				const seenEvents = createSeenEvents();
				const naive = new NaiveSeenEvents();
				const results: string[] = [];
				const deliver = async (id: string, isAccepted: boolean, name: string) => {
					const claim = seenEvents.claim(id, 0, KEEP_MS);
					expect(naive.claim(id, name) === 'new').toBe(claim.status === 'new');
					if (claim.status === 'accepted') return void results.push(`${name} accepted`);
					if (claim.status === 'pending')
						return void results.push(`${name} ${await claim.outcome}`);
					await s.schedule(Promise.resolve(), `n8n responds to ${name}`);
					claim.settle(isAccepted, 0);
					naive.settle(id, name, isAccepted);
					results.push(`${name} ${isAccepted}`);
				};
				const delivered = all.map(async ({ id, isAccepted }, index) => {
					await s.schedule(Promise.resolve(), `${id}${index} arrives`);
					await deliver(id, isAccepted, `${id}${index}`);
				});
				await s.waitFor(Promise.all(delivered));
				expect(results.sort()).toEqual(naive.results.sort());
			}),
			{ numRuns: 500 },
		);
	});

	it('remembers at least half its capacity of the latest events, and never more than its capacity', () => {
		const ids = fc.array(fc.nat(30).map(String), { maxLength: 120 });
		fc.assert(
			fc.property(ids, fc.integer({ min: 2, max: 12 }), (delivered, capacity) => {
				const seenEvents = createSeenEvents(capacity);
				const order: string[] = [];
				for (const id of delivered) {
					const claim = seenEvents.claim(id, 0, KEEP_MS);
					const isRecent = order.slice(-Math.floor(capacity / 2)).includes(id);
					if (isRecent) expect(claim.status).toBe('accepted');
					if (claim.status === 'new') {
						claim.settle(true, 0);
						order.push(id);
					}
					expect(seenEvents.size).toBeLessThanOrEqual(capacity);
				}
			}),
			{ numRuns: 500 },
		);
	});
});

type Settle = (isAccepted: boolean, now: number) => void;

describe('SeenEvents, for every sequence of deliveries, outcomes and pauses', () => {
	type Step =
		| { do: 'claim'; id: string }
		| { do: 'settle'; which: number; isAccepted: boolean }
		| { do: 'wait'; ms: number };
	const step: fc.Arbitrary<Step> = fc.oneof(
		fc.record({ do: fc.constant('claim' as const), id: fc.constantFrom('a', 'b', 'c', 'd') }),
		fc.record({ do: fc.constant('settle' as const), which: fc.nat(9), isAccepted: fc.boolean() }),
		fc.record({ do: fc.constant('wait' as const), ms: fc.nat(KEEP_MS / 2) }),
	);

	it('never reports an event as new while it is pending or within the time after its acceptance', () => {
		fc.assert(
			fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
				const seenEvents = createSeenEvents();
				const acceptedAt = new Map<string, number>();
				const pending = new Map<string, { since: number; settle: Settle }>();
				const uncertain = new Set<string>();
				let now = 0;
				for (const it of steps) {
					if (it.do === 'wait') now += it.ms;
					else if (it.do === 'settle') {
						const [id, delivery] = [...pending][it.which] ?? [];
						if (id === undefined || !delivery) continue;
						delivery.settle(it.isAccepted, now);
						pending.delete(id);
						// It may have timed out, and then its late outcome is ignored.
						if (now - delivery.since >= KEEP_MS) uncertain.add(id);
						else if (it.isAccepted) acceptedAt.set(id, now);
					} else {
						const claim = seenEvents.claim(it.id, now, KEEP_MS);
						const age = now - (acceptedAt.get(it.id) ?? -Infinity);
						const since = pending.get(it.id)?.since ?? -Infinity;
						if (now - since < KEEP_MS) expect(claim.status).toBe('pending');
						else if (age < KEEP_MS) expect(claim.status).toBe('accepted');
						else if (age > 2 * KEEP_MS && !uncertain.has(it.id) && !pending.has(it.id)) {
							expect(claim.status).toBe('new');
						}
						if (claim.status === 'new') {
							pending.set(it.id, { since: now, settle: claim.settle });
							uncertain.delete(it.id);
						}
					}
				}
			}),
			{ numRuns: 1_000 },
		);
	});
});

it('logs a warning when events are dropped that may still be retried', () => {
	const warn = jest.fn();
	const seenEvents = getSeenEvents({
		getNode: () => ({ id: 'node-1', name: 'MindPeeker Trigger' }),
		getWorkflow: () => ({ id: 'workflow-1', name: 'Events' }),
		logger: { warn },
	} as unknown as IWebhookFunctions);
	for (let event = 0; event <= 200_000; event++) {
		const claim = seenEvents.claim(`evt_${event}`, 0, 1);
		if (claim.status === 'new') claim.settle(true, 0);
	}
	expect(warn.mock.calls.map(([message]) => message)).toEqual([
		expect.stringMatching(/: received more than 100000 events within MindPeeker's retry window/),
	]);
});
