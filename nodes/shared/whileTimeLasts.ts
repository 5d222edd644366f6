import { OperationalError } from 'n8n-workflow';

const MINUTE_MS = 60_000;

/**
 * Gives one after the other, to make a call for each: a service may list thousands, and answer slowly.
 *
 * @throws {OperationalError} where the time is over and some are left
 */
export function* whileTimeLasts<T>(all: Iterable<T>, maxMs: number): Generator<T> {
	const end = performance.now() + maxMs;
	for (const one of all) {
		if (performance.now() >= end) {
			throw new OperationalError(
				`MindPeeker has so many webhooks for this URL, or answers so slowly, that ${maxMs / MINUTE_MS} minutes were not enough. Try again to go on, or remove them in MindPeeker.`,
			);
		}
		yield one;
	}
}
