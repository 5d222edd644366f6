// What remembering an event costs, by how many are remembered: `npm run bench -- deduplication`.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { Ledger } from '../../nodes/MindPeekerTrigger/deduplication/ledger.ts';
import { median, spread } from './statistics.mts';

const SIZES = [10_000, 100_000, 1_000_000];
const EVENTS_PER_ROUND = 5_000;
const ROUNDS = 31;
const LIMIT_US = 2;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** An id as long as MindPeeker's, in one piece of memory of its own, as a delivery brings it. */
const idOf = (index: number) =>
	Buffer.from(`evt_${index.toString(16).padStart(16, '0')}`).toString('latin1');

function heapBytes(): number {
	collectGarbage();
	return process.memoryUsage().heapUsed;
}

/** Microseconds for each event. */
function time(ids: readonly string[], act: (id: string) => void): number {
	const started = process.hrtime.bigint();
	for (const id of ids) act(id);
	return Number(process.hrtime.bigint() - started) / ids.length / 1e3;
}

function measure(size: number) {
	const before = heapBytes();
	// What is there twice is the younger and the older half of what a ledger holds.
	const ledger = new Ledger({ capacity: 2 * size, keepMs: Infinity });
	let next = 0;
	const take = (id: string) => {
		const entry = ledger.enter(id, 0);
		if (entry.kind === 'first') entry.settle(true, 0);
	};
	while (ledger.size < size) take(idOf(next++));
	const bytesPerId = (heapBytes() - before) / size;

	const fresh: number[] = [];
	const repeated: number[] = [];
	for (let round = 0; round < ROUNDS; round++) {
		const ids = Array.from({ length: EVENTS_PER_ROUND }, () => idOf(next++));
		fresh.push(time(ids, take));
		// The same text in another place of memory, as a delivery brings it.
		repeated.push(
			time(
				ids.map((id) => Buffer.from(id).toString()),
				take,
			),
		);
	}
	return {
		'remembered ids': size,
		'new event (µs)': Number(median(fresh).toFixed(2)),
		'(min–max)': spread(fresh),
		'repeated event (µs)': Number(median(repeated).toFixed(2)),
		'bytes per id': Math.round(bytesPerId),
		[`at most ${LIMIT_US} µs`]: median(fresh) <= LIMIT_US ? 'yes' : 'NO',
	};
}

console.log(`\nThe ledger, ${ROUNDS} rounds of ${EVENTS_PER_ROUND} events`);
console.table(SIZES.map(measure));
