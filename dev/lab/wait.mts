import { setTimeout as sleep } from 'node:timers/promises';
import { LabError } from './errors.mts';

const POLL_MS = 50;

export interface Wait<T> {
	/** What is being waited for, such as "workflow 1 to be published". */
	what: string;
	timeoutMs: number;
	/** Gives undefined as long as it has to be asked again. */
	poll: () => Promise<T | undefined>;
	/** Said with the error when the time is up, such as the last lines of a log. */
	hint?: () => string;
}

/** Asks again and again until there is an answer. Rejects with a LabError when the time is up. */
export async function waitFor<T>({ what, timeoutMs, poll, hint }: Wait<T>): Promise<T> {
	const end = Date.now() + timeoutMs;
	for (;;) {
		const answer = await poll();
		if (answer !== undefined) return answer;
		if (Date.now() > end) {
			throw new LabError(
				`Waited ${timeoutMs / 1000} s for ${what}, in vain.${hint ? `\n${hint()}` : ''}`,
			);
		}
		await sleep(POLL_MS);
	}
}
