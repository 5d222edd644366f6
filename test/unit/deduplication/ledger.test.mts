import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';

import { Ledger, type Entry } from '../../../nodes/MindPeekerTrigger/deduplication/ledger.ts';

const KEEP_MS = 1_000;
const make = (capacity = 1_000, onOverflow?: () => void) =>
	new Ledger({ capacity, keepMs: KEEP_MS }, onOverflow);
const first = (entry: Entry) => {
	if (entry.kind !== 'first') throw new Error(`The entry is ${entry.kind}`);
	return entry;
};
const take = (ledger: Ledger, id: string, now: number) =>
	first(ledger.enter(id, now)).settle(true, now);

describe('the ledger', () => {
	it('lets the first delivery of an event in', () => {
		expect(make().enter('evt_1', 0).kind).toBe('first');
	});

	it('knows an event that n8n took', () => {
		const ledger = make();
		take(ledger, 'evt_1', 0);
		expect(ledger.enter('evt_1', 1).kind).toBe('taken');
		expect(ledger.enter('evt_2', 1).kind).toBe('first');
	});

	it('forgets an event that n8n did not take', () => {
		const ledger = make();
		first(ledger.enter('evt_1', 0)).settle(false, 0);
		expect(ledger.enter('evt_1', 1).kind).toBe('first');
	});

	it.each([true, false])(
		'gives those that come meanwhile the outcome of the first: %s',
		async (taken) => {
			const ledger = make();
			const { settle } = first(ledger.enter('evt_1', 0));
			const others = [ledger.enter('evt_1', 0), ledger.enter('evt_1', 0)];
			settle(taken, 1);
			const outcomes = others.map((entry) => entry.kind === 'in flight' && entry.outcome);
			expect(await Promise.all(outcomes)).toEqual([taken, taken]);
		},
	);

	it('knows one under way for as long as it is, whatever leaves meanwhile', () => {
		const ledger = make();
		first(ledger.enter('evt_1', 0, 10 * KEEP_MS));
		for (const round of [1, 2, 3]) take(ledger, `evt_other_${round}`, round * KEEP_MS);
		expect(ledger.enter('evt_1', 3 * KEEP_MS).kind).toBe('in flight');
	});

	it('gives up one under way for too long when it makes room, and says so to those that wait', async () => {
		const ledger = make();
		first(ledger.enter('evt_1', 0, 2 * KEEP_MS));
		const copy = ledger.enter('evt_1', 1);
		take(ledger, 'evt_2', 2 * KEEP_MS);
		expect(copy.kind === 'in flight' && (await copy.outcome)).toBe(false);
	});

	it('forgets one that was not taken, however long it took', () => {
		const ledger = make();
		const { settle } = first(ledger.enter('evt_1', 0, 10 * KEEP_MS));
		take(ledger, 'evt_2', KEEP_MS);
		settle(false, KEEP_MS);
		expect(ledger.enter('evt_1', KEEP_MS).kind).toBe('first');
	});

	it('gives up one that was under way for too long when the event comes again', async () => {
		const ledger = make();
		first(ledger.enter('evt_1', 0, 10));
		const copy = ledger.enter('evt_1', 1);
		expect(ledger.enter('evt_1', 10).kind).toBe('first');
		expect(copy.kind === 'in flight' && (await copy.outcome)).toBe(false);
	});

	it('keeps all that are under way, in whatever order they end', () => {
		const ledger = make();
		const ids = ['evt_1', 'evt_2', 'evt_3', 'evt_4'];
		const settlers = ids.map((id) => first(ledger.enter(id, 0, 10 * KEEP_MS)).settle);
		settlers[0]!(true, 0);
		settlers[3]!(true, 0);
		for (const round of [1, 2, 3]) take(ledger, `evt_other_${round}`, round * KEEP_MS);
		const kinds = ids.map((id) => ledger.enter(id, 3 * KEEP_MS).kind);
		expect(kinds).toEqual(['first', 'in flight', 'in flight', 'first']);
	});

	it('remembers a taken event until the second change after it, at the moment that it is due', () => {
		const ledger = make();
		take(ledger, 'evt_1', 0);
		take(ledger, 'evt_2', KEEP_MS);
		expect(ledger.enter('evt_1', KEEP_MS).kind).toBe('taken');
		expect(ledger.enter('evt_1', 2 * KEEP_MS).kind).toBe('first');
	});

	it('holds each event once', () => {
		const ledger = make();
		first(ledger.enter('evt_1', 0, 10 * KEEP_MS));
		take(ledger, 'evt_2', 0);
		expect(ledger.size).toBe(2);
		take(ledger, 'evt_3', KEEP_MS);
		expect(ledger.size).toBe(3);
	});

	it('has no more than its capacity when one ends that began long before', () => {
		const ledger = make(4);
		const { settle } = first(ledger.enter('evt_1', 0));
		for (const id of ['evt_2', 'evt_3', 'evt_4']) first(ledger.enter(id, 0));
		settle(true, 0);
		expect(ledger.size).toBeLessThanOrEqual(4);
	});

	it('says that events leave before their time, once there are two halves of them', () => {
		let overflows = 0;
		const ledger = make(10, () => overflows++);
		for (let index = 1; index <= 8; index++) take(ledger, `evt_${index}`, 0);
		expect(overflows).toBe(0);
		take(ledger, 'evt_9', 0);
		expect(overflows).toBe(1);
	});

	it('counts only the first word on an outcome', () => {
		const ledger = make();
		const { settle } = first(ledger.enter('evt_1', 0));
		settle(false, 0);
		settle(true, 0);
		expect(ledger.enter('evt_1', 1).kind).toBe('first');
	});

	it('remembers an event for the time asked for at least, and not for ever', () => {
		const ledger = make();
		take(ledger, 'evt_1', 0);
		take(ledger, 'evt_2', KEEP_MS - 1);
		expect(ledger.enter('evt_2', 2 * KEEP_MS - 2).kind).toBe('taken');
		expect(ledger.enter('evt_1', 3 * KEEP_MS).kind).toBe('first');
	});

	it('gives up on an outcome that does not come within the time, and then starts anew', async () => {
		const ledger = make();
		const lost = first(ledger.enter('evt_1', 0));
		const copy = ledger.enter('evt_1', 1);
		take(ledger, 'evt_2', 2 * KEEP_MS);
		expect(copy.kind === 'in flight' && (await copy.outcome)).toBe(false);
		const again = first(ledger.enter('evt_1', 2 * KEEP_MS));
		lost.settle(true, 2 * KEEP_MS);
		expect(ledger.enter('evt_1', 2 * KEEP_MS).kind).toBe('in flight');
		again.settle(true, 2 * KEEP_MS);
		expect(ledger.enter('evt_1', 2 * KEEP_MS).kind).toBe('taken');
	});

	it('gives up on an outcome as soon as asked for, and hears nothing of it any more', () => {
		const ledger = make();
		const lost = first(ledger.enter('evt_1', 0, 10));
		expect(ledger.enter('evt_1', 9).kind).toBe('in flight');
		const again = first(ledger.enter('evt_1', 10, 10));
		lost.settle(false, 10);
		expect(ledger.enter('evt_1', 11).kind).toBe('in flight');
		again.settle(true, 11);
		expect(ledger.enter('evt_1', 12).kind).toBe('taken');
	});

	it('never holds more than its capacity: the oldest leave, and it says so', () => {
		let overflows = 0;
		const ledger = make(10, () => overflows++);
		for (let index = 0; index < 100; index++) {
			take(ledger, `evt_${index}`, index / 100);
			expect(ledger.size).toBeLessThanOrEqual(10);
		}
		expect(ledger.enter('evt_99', 1).kind).toBe('taken');
		expect(ledger.enter('evt_0', 1).kind).toBe('first');
		expect(overflows).toBeGreaterThan(0);
	});

	it('says nothing where there is room', () => {
		let overflows = 0;
		const ledger = make(10, () => overflows++);
		for (let index = 0; index < 100; index++) take(ledger, `evt_${index}`, index * KEEP_MS);
		expect(overflows).toBe(0);
	});
});

/** The ledger as anybody would write it who need not care for time and room: by lists. */
class NaiveLedger {
	private readonly taken: string[] = [];
	private flights: Array<{ id: string; waiting: string[] }> = [];
	/** What each delivery came to know, in the order in which it did. */
	readonly answers: string[] = [];

	enter(id: string, delivery: string): 'first' | 'other' {
		const flight = this.flights.find((one) => one.id === id);
		if (this.taken.includes(id)) this.answers.push(`${delivery} taken`);
		else if (flight) flight.waiting.push(delivery);
		else {
			this.flights.push({ id, waiting: [] });
			return 'first';
		}
		return 'other';
	}

	settle(id: string, delivery: string, taken: boolean): void {
		const flight = this.flights.find((one) => one.id === id)!;
		this.flights = this.flights.filter((one) => one !== flight);
		if (taken) this.taken.push(id);
		for (const one of [delivery, ...flight.waiting]) this.answers.push(`${one} ${taken}`);
	}
}

describe('the ledger, in whichever order deliveries come and n8n takes them', () => {
	const delivery = fc.record({ id: fc.constantFrom('a', 'b', 'c'), taken: fc.boolean() });

	it('answers each as a list of what happened would', async () => {
		await fc.assert(
			fc.asyncProperty(fc.scheduler(), fc.array(delivery, { maxLength: 25 }), async (s, all) => {
				const ledger = make();
				const naive = new NaiveLedger();
				const answers: string[] = [];
				const bring = async (id: string, taken: boolean, name: string) => {
					const entry = ledger.enter(id, 0);
					expect(naive.enter(id, name) === 'first').toBe(entry.kind === 'first');
					if (entry.kind === 'taken') return void answers.push(`${name} taken`);
					if (entry.kind === 'in flight')
						return void answers.push(`${name} ${await entry.outcome}`);
					await s.schedule(Promise.resolve(), `n8n has ${name}`);
					entry.settle(taken, 0);
					naive.settle(id, name, taken);
					answers.push(`${name} ${taken}`);
				};
				const brought = all.map(async ({ id, taken }, index) => {
					await s.schedule(Promise.resolve(), `${id}${index} arrives`);
					await bring(id, taken, `${id}${index}`);
				});
				await s.waitFor(Promise.all(brought));
				expect(answers.sort()).toEqual(naive.answers.sort());
			}),
			{ numRuns: 500 },
		);
	});

	it('knows the last events that n8n took, half its capacity at least, and never more than all of it', () => {
		const ids = fc.array(fc.nat(30).map(String), { maxLength: 120 });
		fc.assert(
			fc.property(ids, fc.integer({ min: 2, max: 12 }), (brought, capacity) => {
				const ledger = make(capacity);
				const order: string[] = [];
				for (const id of brought) {
					const entry = ledger.enter(id, 0);
					const isRecent = order.slice(-Math.floor(capacity / 2)).includes(id);
					if (isRecent) expect(entry.kind).toBe('taken');
					if (entry.kind === 'first') {
						entry.settle(true, 0);
						order.push(id);
					}
					expect(ledger.size).toBeLessThanOrEqual(capacity);
				}
			}),
			{ numRuns: 500 },
		);
	});
});

type Settle = (taken: boolean, now: number) => void;

describe('the ledger, whatever comes in whichever order', () => {
	type Step =
		| { do: 'enter'; id: string }
		| { do: 'settle'; which: number; taken: boolean }
		| { do: 'wait'; ms: number };
	const step: fc.Arbitrary<Step> = fc.oneof(
		fc.record({ do: fc.constant('enter' as const), id: fc.constantFrom('a', 'b', 'c', 'd') }),
		fc.record({ do: fc.constant('settle' as const), which: fc.nat(9), taken: fc.boolean() }),
		fc.record({ do: fc.constant('wait' as const), ms: fc.nat(KEEP_MS / 2) }),
	);

	it('lets no event in that is in flight, or was taken within the time', () => {
		fc.assert(
			fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
				const ledger = make();
				const takenAt = new Map<string, number>();
				const inFlight = new Map<string, { since: number; settle: Settle }>();
				const uncertain = new Set<string>();
				let now = 0;
				for (const it of steps) {
					if (it.do === 'wait') now += it.ms;
					else if (it.do === 'settle') {
						const [id, flight] = [...inFlight][it.which] ?? [];
						if (id === undefined || !flight) continue;
						flight.settle(it.taken, now);
						inFlight.delete(id);
						// One of age may have been given up on, and then its late word does not count.
						if (now - flight.since >= KEEP_MS) uncertain.add(id);
						else if (it.taken) takenAt.set(id, now);
					} else {
						const entry = ledger.enter(it.id, now);
						const age = now - (takenAt.get(it.id) ?? -Infinity);
						const since = inFlight.get(it.id)?.since ?? -Infinity;
						if (now - since < KEEP_MS) expect(entry.kind).toBe('in flight');
						else if (age < KEEP_MS) expect(entry.kind).toBe('taken');
						else if (age > 2 * KEEP_MS && !uncertain.has(it.id) && !inFlight.has(it.id)) {
							expect(entry.kind).toBe('first');
						}
						if (entry.kind === 'first') {
							inFlight.set(it.id, { since: now, settle: entry.settle });
							uncertain.delete(it.id);
						}
					}
				}
			}),
			{ numRuns: 1_000 },
		);
	});
});
