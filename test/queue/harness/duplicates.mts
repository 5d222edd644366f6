import { setTimeout as sleep } from 'node:timers/promises';

import { deliverEvent } from '../../support/deliverEvent.mts';

/** The times between an event and its duplicate, in milliseconds. */
export const DELAYS_MS = [0, 100, 1_000, 5_000] as const;
export type DelayMs = (typeof DELAYS_MS)[number];

export interface Series {
	name: string;
	/** Events per second. By default, as many as n8n can process. */
	perSecond?: number;
	/** The number of events for each delay. */
	events: Record<DelayMs, number>;
}

export interface SentEvent {
	eventId: string;
	delayMs: DelayMs;
}

const CONCURRENCY = 32;

/**
 * Sends each event to one of two processes and its duplicate to the other. Rejects if a response is not 200.
 *
 * @param urls the URLs of the same webhook in both processes
 */
export async function sendDuplicates(
	{ name, perSecond, events }: Series,
	urls: readonly [string, string],
	secret: string,
): Promise<SentEvent[]> {
	const all = interleave(events).map((delayMs, index) => ({
		eventId: `evt_${name.replaceAll(/\W/g, '_')}_${index}`,
		delayMs,
	}));
	const started = performance.now();
	const duplicates: Array<Promise<void>> = [];
	const sendOne = async ({ eventId, delayMs }: SentEvent, index: number) => {
		const duplicate = sleep(delayMs).then(() =>
			deliverEvent(urls[(index + 1) % 2]!, secret, eventId),
		);
		duplicates.push(duplicate);
		duplicate.catch(() => {}); // awaited below
		await deliverEvent(urls[index % 2]!, secret, eventId);
	};
	const waiting = [...all.entries()].reverse();
	const sendAll = async () => {
		for (let next = waiting.pop(); next; next = waiting.pop()) await sendOne(next[1], next[0]);
	};
	if (perSecond === undefined) {
		await Promise.all(Array.from({ length: CONCURRENCY }, sendAll));
	} else {
		const getDelay = (index: number) => started + (index * 1_000) / perSecond - performance.now();
		await Promise.all(
			all.map(async (sent, index) => {
				await sleep(getDelay(index));
				await sendOne(sent, index);
			}),
		);
	}
	await Promise.all(duplicates);
	return all;
}

/** Mixes the delays, so that all have the same load. */
function interleave(events: Record<DelayMs, number>): DelayMs[] {
	const longest = Math.max(...Object.values(events));
	const sorted = DELAYS_MS.flatMap((delayMs) =>
		Array.from({ length: events[delayMs] }, (_, index) => ({
			delayMs,
			position: (index / events[delayMs]) * longest,
		})),
	);
	return sorted.sort((a, b) => a.position - b.position).map(({ delayMs }) => delayMs);
}
