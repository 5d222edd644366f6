// What in-memory deduplication costs, by number of remembered events: `npm run bench -- deduplication`.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { SeenEvents } from '../../nodes/MindPeekerTrigger/deduplication/seenEvents.ts';
import { formatRange, median } from './statistics.mts';

const SIZES = [10_000, 100_000, 1_000_000];
const EVENTS_PER_ROUND = 5_000;
const ROUNDS = 31;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** As long as MindPeeker's ids, and a new string each time, as after parsing a request. */
const createId = (index: number) =>
	Buffer.from(`evt_${index.toString(16).padStart(16, '0')}`).toString('latin1');

function measureHeapBytes(): number {
	collectGarbage();
	return process.memoryUsage().heapUsed;
}

/** Microseconds per event. */
function time(ids: readonly string[], receive: (id: string) => void): number {
	const started = process.hrtime.bigint();
	for (const id of ids) receive(id);
	return Number(process.hrtime.bigint() - started) / ids.length / 1e3;
}

function measure(size: number) {
	const heapBefore = measureHeapBytes();
	// Only half of the capacity is guaranteed to be kept.
	const seenEvents = new SeenEvents({ capacity: 2 * size, keepMs: Infinity });
	let next = 0;
	const receive = (id: string) => {
		const claim = seenEvents.claim(id, 0, Infinity);
		if ('settle' in claim) claim.settle(true, 0);
	};
	while (seenEvents.size < size) receive(createId(next++));
	const bytesPerId = (measureHeapBytes() - heapBefore) / size;

	const newEvents: number[] = [];
	const duplicates: number[] = [];
	for (let round = 0; round < ROUNDS; round++) {
		const ids = Array.from({ length: EVENTS_PER_ROUND }, () => createId(next++));
		const copies = ids.map((id) => Buffer.from(id).toString());
		newEvents.push(time(ids, receive));
		duplicates.push(time(copies, receive));
	}
	return {
		'remembered events': size,
		'new event (µs)': Number(median(newEvents).toFixed(2)),
		'(min–max)': formatRange(newEvents),
		'duplicate (µs)': Number(median(duplicates).toFixed(2)),
		'bytes per event': Math.round(bytesPerId),
	};
}

console.log(`\nDeduplication in memory, ${ROUNDS} rounds of ${EVENTS_PER_ROUND} events`);
console.table(SIZES.map(measure));
