import { setTimeout as sleep } from 'node:timers/promises';

import { deliverEvent } from '../../test/support/deliverEvent.mts';

export interface TimedLoad {
	/** Each gets a delivery in turn. */
	urls: readonly string[];
	secret: string;
	ids: readonly string[];
}

/** Delivers an event for each id, so many at a time, and gives how long each answer took, in milliseconds. */
export async function deliverAtATime(load: TimedLoad, atATime: number): Promise<number[]> {
	const times: number[] = [];
	let next = 0;
	const deliverAll = async () => {
		while (next < load.ids.length) times.push(await deliverTimed(load, next++));
	};
	await Promise.all(Array.from({ length: atATime }, deliverAll));
	return times;
}

/** Delivers an event for each id, so many a second, however long the answers take. */
export async function deliverPerSecond(load: TimedLoad, perSecond: number): Promise<number[]> {
	const started = performance.now();
	return await Promise.all(
		load.ids.map(async (_, index) => {
			await sleep(started + (index * 1_000) / perSecond - performance.now());
			return await deliverTimed(load, index);
		}),
	);
}

async function deliverTimed({ urls, secret, ids }: TimedLoad, index: number): Promise<number> {
	const started = performance.now();
	await deliverEvent(urls[index % urls.length]!, secret, ids[index]!);
	return performance.now() - started;
}
