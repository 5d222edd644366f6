import { setTimeout as sleep } from 'node:timers/promises';
import { LabError } from './errors.mts';

const POLL_MS = 50;

export interface PollOptions<T> {
	/** For the error message, such as "workflow 1 to be published". */
	what: string;
	timeoutMs: number;
	/** Called until its result is not undefined. */
	poll: () => Promise<T | undefined>;
	/** Added to the error message, such as the last lines of a log. */
	hint?: () => string;
}

/** Polls until there is a result. Rejects with a LabError after the timeout. */
export async function pollUntil<T>({ what, timeoutMs, poll, hint }: PollOptions<T>): Promise<T> {
	const end = Date.now() + timeoutMs;
	for (;;) {
		const result = await poll();
		if (result !== undefined) return result;
		if (Date.now() > end) {
			throw new LabError(
				`Timed out after ${timeoutMs / 1000} s waiting for ${what}.${hint ? `\n${hint()}` : ''}`,
			);
		}
		await sleep(POLL_MS);
	}
}
