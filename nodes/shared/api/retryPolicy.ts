import { OperationalError, sleep as wait } from 'n8n-workflow';

import { isOutcomeUnknown, type ApiContext } from './error';
import type { ApiFailure } from './failure';
import {
	EXECUTION_LIMITS,
	delayBeforeRetry,
	isRateLimit,
	rateLimitDelay,
	type RetryLimits,
} from './retryDelay';

/** The body of the response, or the failure. */
export type RequestResult = { body: unknown; failure?: undefined } | { failure: ApiFailure };

/** Sends a request once. `mayHaveSucceeded` is true if an earlier attempt may have succeeded. */
export type Attempt = (mayHaveSucceeded: boolean) => Promise<RequestResult>;

/** Retries the requests of a connection if that is safe and can help. */
export class RetryPolicy {
	private readonly limiter = new AdaptiveLimiter();
	/** The time since when every request of any item was rejected for the rate limit. */
	private limitedSince?: number;
	/** Requests fail with this failure until the rate limit of the service ends. */
	private exhausted?: { readonly failure: ApiFailure; readonly until: number };

	/** @param deadline limits the waits for the rate limit, as a time of `performance.now()` */
	constructor(
		private readonly signal: AbortSignal | undefined,
		readonly limits: RetryLimits = EXECUTION_LIMITS,
		private readonly deadline = Infinity,
	) {}

	async run(attempt: Attempt, isIdempotent: boolean): Promise<RequestResult> {
		const start = performance.now();
		let failures = 0;
		let waitedMs = 0;
		let mayHaveSucceeded = false;
		for (;;) {
			await this.limiter.acquire(this.signal);
			if (this.exhausted && performance.now() < this.exhausted.until) {
				this.limiter.release();
				return { failure: this.exhausted.failure };
			}
			const result = await attempt(mayHaveSucceeded).catch((error: unknown) => {
				this.limiter.release();
				throw error;
			});
			const { failure } = result;
			const isLimited = failure !== undefined && isRateLimit(failure);
			if (failure && !isLimited) failures++;
			const limitedMs = this.trackRateLimit(isLimited);
			const state = {
				failures,
				waitedMs: Math.max(waitedMs, limitedMs),
				elapsedMs: performance.now() - start,
				leftMs: this.deadline - performance.now(),
				isIdempotent,
				now: Date.now(),
				random: Math.random(),
			};
			const delayMs = failure && delayBeforeRetry({ failure, ...state }, this.limits);
			this.limiter.release(isLimited ? delayMs : undefined);
			if (isLimited && delayMs === undefined) {
				const until = performance.now() + rateLimitDelay(failure, state.now);
				this.exhausted = { failure, until };
				this.limitedSince = undefined;
			}
			if (!failure || delayMs === undefined) return result;

			mayHaveSucceeded ||= isOutcomeUnknown(failure);
			if (isLimited) waitedMs += delayMs;
			else await sleep(delayMs, this.signal);
		}
	}

	/** Returns for how long every request was rate limited, in milliseconds. */
	private trackRateLimit(isLimited: boolean): number {
		const now = performance.now();
		this.limitedSince = isLimited ? (this.limitedSince ?? now) : undefined;
		return now - (this.limitedSince ?? now);
	}
}

const LIMITER_POLL_MS = 25;

/**
 * Limits the concurrent requests of a connection by additive increase, multiplicative decrease (AIMD), as in TCP. After
 * a 429, all requests wait as long as the service demands.
 */
export class AdaptiveLimiter {
	private inFlight = 0;
	private limit = Infinity;
	private pausedUntil = 0;

	/** Resolves when a request may be sent. */
	async acquire(signal: AbortSignal | undefined): Promise<void> {
		for (;;) {
			const left = this.pausedUntil - performance.now();
			if (left <= 0 && this.inFlight + 1 <= this.limit) break;
			await sleep(Math.max(left, LIMITER_POLL_MS), signal);
		}
		this.inFlight++;
	}

	/** @param pauseMs the delay before the next request, if this one was rate limited */
	release(pauseMs?: number): void {
		const now = performance.now();
		if (pauseMs === undefined) {
			this.limit += 1 / this.limit;
		} else {
			// Concurrent rejections count once.
			if (now >= this.pausedUntil) this.limit = Math.ceil(Math.min(this.limit, this.inFlight) / 2);
			this.pausedUntil = Math.max(this.pausedUntil, now + pauseMs);
		}
		this.inFlight--;
	}
}

// Polling, because Node.js warns of a leak if hundreds of requests listen to one signal.
const CANCEL_POLL_MS = 250;

/** Returns the signal that is aborted when the user stops the execution. Only executions have one. */
export function getCancelSignal(context: ApiContext): AbortSignal | undefined {
	return 'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
}

/** @throws {OperationalError} soon after the execution was stopped */
export async function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
	const end = performance.now() + ms;
	for (let left = ms; left > 0; left = end - performance.now()) {
		await wait(Math.min(left, CANCEL_POLL_MS));
		throwIfCancelled(signal);
	}
}

/** @throws {OperationalError} if the execution was stopped */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
	if (signal?.aborted) throw new OperationalError('The execution was stopped');
}
