import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

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
				const inFlight = new Map<string, (taken: boolean, now: number) => void>();
				let now = 0;
				for (const it of steps) {
					if (it.do === 'wait') now += it.ms;
					else if (it.do === 'settle') {
						const [id, settle] = [...inFlight][it.which] ?? [];
						if (id === undefined || !settle) continue;
						settle(it.taken, now);
						inFlight.delete(id);
						if (it.taken) takenAt.set(id, now);
					} else {
						const entry = ledger.enter(it.id, now);
						const age = now - (takenAt.get(it.id) ?? -Infinity);
						if (inFlight.has(it.id)) expect(entry.kind).toBe('in flight');
						else if (age < KEEP_MS) expect(entry.kind).toBe('taken');
						else if (age > 2 * KEEP_MS) expect(entry.kind).toBe('first');
						if (entry.kind === 'first') inFlight.set(it.id, entry.settle);
					}
				}
			}),
			{ numRuns: 2_000 },
		);
	});
});
