import { isOutcomeUnknown, type ApiFault } from './apiFault';
import { pause } from './pause';
import { RateLimitGate } from './rateLimitGate';
import { delayBeforeRetry, isRateLimit } from './retry';

/** What came of a call: the body of the answer, or what went wrong. */
export type Outcome = { body: unknown; fault?: undefined } | { fault: ApiFault };

/** One way to make a call; `mayBeDone` says that it was made before, and may have had its effect then. */
export type Attempt = (mayBeDone: boolean) => Promise<Outcome>;

/** Makes the calls of a connection again where that is safe and may help. */
export class Retries {
	private readonly gate = new RateLimitGate();

	constructor(private readonly signal: AbortSignal | undefined) {}

	async make(attempt: Attempt, isRepeatable: boolean): Promise<Outcome> {
		let failures = 0;
		let waitedMs = 0;
		let mayBeDone = false;
		for (;;) {
			await this.gate.enter(this.signal);
			const outcome = await attempt(mayBeDone).catch((error: unknown) => {
				this.gate.leave();
				throw error;
			});
			const { fault } = outcome;
			const isLimited = fault !== undefined && isRateLimit(fault);
			if (fault && !isLimited) failures++;
			const known = { failures, waitedMs, isRepeatable, now: Date.now(), random: Math.random() };
			const delayMs = fault && delayBeforeRetry({ fault, ...known });
			this.gate.leave(isLimited ? delayMs : undefined);
			if (!fault || delayMs === undefined) return outcome;

			mayBeDone ||= isOutcomeUnknown(fault);
			if (isLimited) waitedMs += delayMs;
			else await pause(delayMs, this.signal);
		}
	}
}
