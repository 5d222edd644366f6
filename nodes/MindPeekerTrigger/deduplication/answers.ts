import { ANSWER_TIMEOUT_MS } from '../../shared/retrySchedule';

// By the event itself, not by its id: an execution from before a restart must not wait for a later delivery of
// its event, which may in turn wait for that execution to leave it a place.
const answers = new WeakMap<object, Promise<unknown>>();

/** Notes when the sender of an event that this process received has its answer. */
export function noteAnswer(event: object, answered: Promise<unknown>): void {
	answers.set(event, answered);
}

/** Resolves once the senders of these events have their answers, or have given up. */
export async function allAnswered(events: readonly object[]): Promise<void> {
	const pending = events.flatMap((event) => answers.get(event) ?? []);
	if (pending.length === 0) return;
	// Its timer does not keep the process alive.
	const timeout = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
	const timedOut = new Promise((resolve) => timeout.addEventListener('abort', resolve));
	await Promise.race([Promise.all(pending), timedOut]);
}

/** Whether this process received these events; a worker of n8n's queue mode gets those that others received. */
export function areReceivedHere(events: readonly object[]): boolean {
	return events.every((event) => answers.has(event));
}
