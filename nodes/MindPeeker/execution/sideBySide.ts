import { pause } from '../../shared/pause';

export interface Pace {
	/** How many are under way at a time. */
	readonly atATime: number;
	/** How long to wait, in milliseconds, before the next so many are begun; 0 begins each as soon as there is room. */
	readonly intervalMs: number;
	/** Ends the waiting. */
	readonly signal?: AbortSignal;
}

/**
 * Does something for each item, several at a time, and returns the results in order. After a failure none is begun
 * any more; the first is thrown when those under way have ended.
 */
export async function sideBySide<T>(
	count: number,
	pace: Pace,
	act: (index: number) => Promise<T>,
): Promise<T[]> {
	const results: T[] = [];
	const { atATime, intervalMs, signal } = pace;
	if (intervalMs <= 0) {
		await runAll(count, 0, atATime, act, results);
		return results;
	}
	for (let begun = 0; begun < count; begun += atATime) {
		if (begun > 0) await pause(intervalMs, signal);
		await runAll(Math.min(begun + atATime, count), begun, atATime, act, results);
	}
	return results;
}

async function runAll<T>(
	end: number,
	begin: number,
	atATime: number,
	act: (index: number) => Promise<T>,
	results: T[],
): Promise<void> {
	let next = begin;
	const failures: unknown[] = [];
	async function work(): Promise<void> {
		while (next < end && failures.length === 0) {
			const index = next++;
			try {
				results[index] = await act(index);
			} catch (error) {
				failures.push(error);
			}
		}
	}
	const workers = Math.min(atATime, end - begin);
	await Promise.all(Array.from({ length: workers }, work));
	if (failures.length > 0) throw failures[0];
}
