import { OperationalError, sleep as wait } from 'n8n-workflow';

import type { ApiContext } from './error';

const MINUTE_MS = 60_000;

// Polling, because Node.js warns of a leak if hundreds of requests listen to one signal.
const POLL_INTERVAL_MS = 250;

/** Returns the signal that is aborted when the user stops the execution. Only executions have one. */
export function getCancelSignal(context: ApiContext): AbortSignal | undefined {
	return 'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
}

/** @throws {OperationalError} soon after the execution was stopped */
export async function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
	const end = performance.now() + ms;
	for (let left = ms; left > 0; left = end - performance.now()) {
		await wait(Math.min(left, POLL_INTERVAL_MS));
		throwIfCancelled(signal);
	}
}

/** @throws {OperationalError} if the execution was stopped */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
	if (signal?.aborted) throw new OperationalError('The execution was stopped');
}

/**
 * Iterates over webhooks until the deadline. A service may list thousands of them and respond slowly.
 *
 * @throws {OperationalError} if some are left at the deadline
 */
export function* untilDeadline<T>(webhooks: Iterable<T>, maxMs: number): Generator<T> {
	const end = performance.now() + maxMs;
	for (const webhook of webhooks) {
		if (performance.now() >= end) {
			throw new OperationalError(
				`Processing the webhooks for this URL took longer than ${maxMs / MINUTE_MS} minutes. Try again to continue, or delete the webhooks in MindPeeker.`,
			);
		}
		yield webhook;
	}
}
