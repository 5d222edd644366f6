import { median, percentile } from '../statistics.mts';
import type { Contender } from './contenders/contender.mts';
import type { Engine } from './engines.mts';
import type { Heat } from './heat.mts';

export interface Measured {
	/** One for each round. */
	heats: Heat[];
	/** Likewise; empty where nothing is verified. */
	refusalsPerSecond: number[];
}

/** All that was measured with one engine and so many requests at a time. */
export interface Results {
	engine: Engine;
	concurrency: number;
	of: Record<string, Measured>;
}

export function noResults(
	engine: Engine,
	concurrency: number,
	contenders: readonly Contender[],
): Results {
	const nothing = (): Measured => ({ heats: [], refusalsPerSecond: [] });
	const of = Object.fromEntries(contenders.map(({ name }) => [name, nothing()]));
	return { engine, concurrency, of };
}

/** How many times as many events a second one did as the other, for each round. */
export function ratiosTo(one: Measured, other: Measured): number[] {
	return one.heats.map(
		({ eventsPerSecond }, round) => eventsPerSecond / other.heats[round]!.eventsPerSecond,
	);
}

/** The time within which so many of a hundred were answered; the median of the rounds, in milliseconds. */
export function answeredWithin({ heats }: Measured, percent: number): number {
	return median(heats.map(({ answerTimes }) => percentile(answerTimes, percent)));
}
