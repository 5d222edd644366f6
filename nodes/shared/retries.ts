import { isOutcomeUnknown, type ApiFault } from './apiFault';
import { pause } from './pause';
import { RateLimitGate } from './rateLimitGate';
import {
	delayBeforeRetry,
	EXECUTION_LIMITS,
	isRateLimit,
	rateLimitDelay,
	type RetryLimits,
} from './retryDelay';

/** What came of a call: the body of the answer, or what went wrong. */
export type Outcome = { body: unknown; fault?: undefined } | { fault: ApiFault };

/** One way to make a call; `mayBeDone` says that it was made before, and may have had its effect then. */
export type Attempt = (mayBeDone: boolean) => Promise<Outcome>;

/** Makes the calls of a connection again where that is safe and may help. */
export class Retries {
	private readonly gate = new RateLimitGate();
	/** Since when every call was refused for the rate limit, whichever item it was for. */
	private refusedSince?: number;
	/** What a call was given up with, and until when the service wants no other either. */
	private refusal?: { readonly fault: ApiFault; readonly until: number };

	constructor(
		private readonly signal: AbortSignal | undefined,
		readonly limits: RetryLimits = EXECUTION_LIMITS,
		/** No wait for a rate limit goes beyond this time of `performance.now()`. */
		private readonly deadline = Infinity,
	) {}

	async make(attempt: Attempt, isRepeatable: boolean): Promise<Outcome> {
		const start = performance.now();
		let failures = 0;
		let waitedMs = 0;
		let mayBeDone = false;
		for (;;) {
			await this.gate.enter(this.signal);
			if (this.refusal && performance.now() < this.refusal.until) {
				this.gate.leave();
				return { fault: this.refusal.fault };
			}
			const outcome = await attempt(mayBeDone).catch((error: unknown) => {
				this.gate.leave();
				throw error;
			});
			const { fault } = outcome;
			const isLimited = fault !== undefined && isRateLimit(fault);
			if (fault && !isLimited) failures++;
			const allRefusedMs = this.note(isLimited);
			const known = {
				failures,
				waitedMs: Math.max(waitedMs, allRefusedMs),
				elapsedMs: performance.now() - start,
				leftMs: this.deadline - performance.now(),
				isRepeatable,
				now: Date.now(),
				random: Math.random(),
			};
			const delayMs = fault && delayBeforeRetry({ fault, ...known }, this.limits);
			this.gate.leave(isLimited ? delayMs : undefined);
			if (isLimited && delayMs === undefined) {
				const until = performance.now() + rateLimitDelay(fault, known.now);
				this.refusal = { fault, until };
				this.refusedSince = undefined;
			}
			if (!fault || delayMs === undefined) return outcome;

			mayBeDone ||= isOutcomeUnknown(fault);
			if (isLimited) waitedMs += delayMs;
			else await pause(delayMs, this.signal);
		}
	}

	/** Gives for how long no call has got through, in milliseconds. */
	private note(isLimited: boolean): number {
		const now = performance.now();
		this.refusedSince = isLimited ? (this.refusedSince ?? now) : undefined;
		return now - (this.refusedSince ?? now);
	}
}
