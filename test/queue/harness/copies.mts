import { setTimeout as sleep } from 'node:timers/promises';

import { deliverEvent } from '../../support/deliverEvent.mts';

/** How long after an event its copy is sent, in milliseconds. */
export const DISTANCES_MS = [0, 100, 1_000, 5_000] as const;
export type DistanceMs = (typeof DISTANCES_MS)[number];

export interface Series {
	name: string;
	/** How many events a second; left out: as many as n8n takes, so many at a time. */
	perSecond?: number;
	/** How many events for each distance. */
	events: Record<DistanceMs, number>;
}

export interface Sent {
	eventId: string;
	distanceMs: DistanceMs;
}

const AT_A_TIME = 32;

/**
 * Sends each event to one of two processes and its copy to the other. Rejects where one is not answered 200.
 *
 * @param urls of the same webhook, in either process
 */
export async function sendCopies(
	{ name, perSecond, events }: Series,
	urls: readonly [string, string],
	secret: string,
): Promise<Sent[]> {
	const all = mixed(events).map((distanceMs, index) => ({
		eventId: `evt_${name.replaceAll(/\W/g, '_')}_${index}`,
		distanceMs,
	}));
	const started = performance.now();
	const copies: Array<Promise<void>> = [];
	const sendOne = async ({ eventId, distanceMs }: Sent, index: number) => {
		const copy = sleep(distanceMs).then(() =>
			deliverEvent(urls[(index + 1) % 2]!, secret, eventId),
		);
		copies.push(copy);
		copy.catch(() => {}); // reported below
		await deliverEvent(urls[index % 2]!, secret, eventId);
	};
	const waiting = [...all.entries()].reverse();
	const sendAll = async () => {
		for (let next = waiting.pop(); next; next = waiting.pop()) await sendOne(next[1], next[0]);
	};
	if (perSecond === undefined) {
		await Promise.all(Array.from({ length: AT_A_TIME }, sendAll));
	} else {
		const due = (index: number) => started + (index * 1_000) / perSecond - performance.now();
		await Promise.all(
			all.map(async (sent, index) => {
				await sleep(due(index));
				await sendOne(sent, index);
			}),
		);
	}
	await Promise.all(copies);
	return all;
}

/** The distances in turn, so that all meet the same load. */
function mixed(events: Record<DistanceMs, number>): DistanceMs[] {
	const longest = Math.max(...Object.values(events));
	const placed = DISTANCES_MS.flatMap((distanceMs) =>
		Array.from({ length: events[distanceMs] }, (_, index) => ({
			distanceMs,
			place: (index / events[distanceMs]) * longest,
		})),
	);
	return placed.sort((one, other) => one.place - other.place).map(({ distanceMs }) => distanceMs);
}
