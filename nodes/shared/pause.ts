import { OperationalError, sleep } from 'n8n-workflow';

import type { ApiContext } from './mindPeekerError';

/** Tells when the user stops the execution; n8n has it in executions only. */
export function cancelSignalOf(context: ApiContext): AbortSignal | undefined {
	return 'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
}

// Looked at now and then, for listeners by the hundred would make Node warn of a leak.
const LOOK_AFTER_MS = 250;

/**
 * Waits, in milliseconds.
 *
 * @throws {OperationalError} soon after the execution was stopped
 */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
	const end = performance.now() + ms;
	for (let left = ms; left > 0; left = end - performance.now()) {
		await sleep(Math.min(left, LOOK_AFTER_MS));
		demandRunning(signal);
	}
}

/** @throws {OperationalError} where the execution was stopped */
export function demandRunning(signal: AbortSignal | undefined): void {
	if (signal?.aborted) throw new OperationalError('The execution was stopped');
}
