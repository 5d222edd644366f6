import { OperationalError, sleep as wait } from 'n8n-workflow';

import { isOutcomeUnknown, type ApiContext } from './error';
import type { ApiFailure, HttpFailure } from './failure';
import {
	EXECUTION_LIMITS,
	getRetryDelayMs,
	isRateLimit,
	getRateLimitDelayMs,
	type RetryLimits,
} from './retryDelay';

/** The body of the response, or the failure. */
export type RequestResult = { body: unknown; failure?: undefined } | { failure: ApiFailure };

/** Sends a request once. `mayHaveSucceeded` is true if an earlier attempt may have succeeded. */
export type Attempt = (mayHaveSucceeded: boolean) => Promise<RequestResult>;

/** The progress of one request over its attempts. */
interface Progress {
	/** A time of `performance.now()`. */
	readonly startedAt: number;
	readonly isIdempotent: boolean;
	/** The number of failures, without the rate limit. */
	failures: number;
	/** The total wait for the rate limit, in milliseconds. */
	waitedMs: number;
}

/** Retries the requests of a connection if that is safe and can help. */
export class RetryPolicy {
	private readonly limiter = new AdaptiveLimiter();
	/** When the current series of rate-limited responses began. */
	private limitedSince?: number;
	/** Requests fail with this failure until the rate limit of the service ends. */
	private exhausted?: { readonly failure: ApiFailure; readonly until: number };

	/** @param deadline no retry starts after it; a time of `performance.now()` */
	constructor(
		private readonly signal: AbortSignal | undefined,
		readonly limits: RetryLimits = EXECUTION_LIMITS,
		private readonly deadline = Infinity,
	) {}

	async run(attempt: Attempt, isIdempotent: boolean): Promise<RequestResult> {
		const startedAt = performance.now();
		const progress: Progress = { startedAt, isIdempotent, failures: 0, waitedMs: 0 };
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
			const delayMs = this.endAttempt(result, progress);
			if (!result.failure || delayMs === undefined) return result;

			mayHaveSucceeded ||= isOutcomeUnknown(result.failure);
			await sleep(delayMs, this.signal);
		}
	}

	/** Returns the delay before the next attempt in milliseconds, or undefined if there must be none. */
	private endAttempt({ failure }: RequestResult, progress: Progress): number | undefined {
		if (failure && isRateLimit(failure)) return this.endRateLimitedAttempt(failure, progress);
		this.limitedSince = undefined;
		this.limiter.release();
		if (!failure) return undefined;
		progress.failures++;
		return this.getDelayMs(failure, progress);
	}

	private endRateLimitedAttempt(failure: HttpFailure, progress: Progress): number | undefined {
		const now = performance.now();
		this.limitedSince ??= now;
		// Concurrent requests can get the 429s in turn.
		const waitedMs = Math.max(progress.waitedMs, now - this.limitedSince);
		const delayMs = this.getDelayMs(failure, { ...progress, waitedMs });
		this.limiter.release(delayMs ?? 0);
		if (delayMs === undefined) {
			this.exhausted = { failure, until: now + getRateLimitDelayMs(failure, Date.now()) };
			this.limitedSince = undefined;
		} else {
			progress.waitedMs += delayMs;
		}
		return delayMs;
	}

	private getDelayMs(
		failure: ApiFailure,
		{ startedAt, ...progress }: Progress,
	): number | undefined {
		const now = performance.now();
		const elapsedMs = now - startedAt;
		const leftMs = this.deadline - now;
		const state = {
			failure,
			...progress,
			elapsedMs,
			leftMs,
			now: Date.now(),
			random: Math.random(),
		};
		return getRetryDelayMs(state, this.limits);
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
