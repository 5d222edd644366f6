import type { ApiFailure, HttpFailure } from './failure';
import { isPermanent } from './networkErrors';

/** The limits of retries. Times are in milliseconds. */
export interface RetryLimits {
	/** The number of retries, without those for the rate limit. */
	readonly maxRetries: number;
	/** The time from the first attempt to the start of the last retry, without the rate limit. */
	readonly maxRetryMs: number;
	/** The longest accepted `Retry-After`. */
	readonly maxRetryAfterMs: number;
	/** The total wait of a request for the rate limit. */
	readonly maxRateLimitWaitMs: number;
	/** The total time of requests that belong together, such as all pages of a list. */
	readonly maxTotalMs: number;
}

/** The limits in an execution, in which no user waits. */
export const EXECUTION_LIMITS: RetryLimits = {
	maxRetries: 4,
	maxRetryMs: Infinity,
	maxRetryAfterMs: 120_000,
	maxRateLimitWaitMs: 600_000,
	maxTotalMs: 900_000,
};

const FIRST_BACKOFF_MS = 500;
const DEFAULT_RETRY_AFTER_MS = 10_000;
/** Some services always send `Retry-After: 0`. */
const MIN_RETRY_AFTER_MS = 1_000;
const NOT_IMPLEMENTED = 501;
/** Request Timeout and Too Early. */
const TRANSIENT_STATUSES = [408, 425];

/** The state of a request after a failure. */
export interface RetryState {
	readonly failure: ApiFailure;
	/** The number of failures including this one, without the rate limit. */
	readonly failures: number;
	/** The total wait for the rate limit, in milliseconds. */
	readonly waitedMs: number;
	/** Time since the first attempt, in milliseconds. */
	readonly elapsedMs: number;
	/** Time until the deadline of all requests, in milliseconds. Unlimited if missing. */
	readonly leftMs?: number;
	/** Whether repeating the request has no further effect. */
	readonly isIdempotent: boolean;
	/** Milliseconds since 1970. */
	readonly now: number;
	/** From 0 to 1. */
	readonly random: number;
}

/**
 * Returns the delay before the next attempt in milliseconds, or undefined if there must be none. A request that was
 * rejected because of the rate limit had no effect, so any method can be retried.
 */
export function getRetryDelayMs(
	state: RetryState,
	limits: RetryLimits = EXECUTION_LIMITS,
): number | undefined {
	const { failure, failures, waitedMs, elapsedMs, isIdempotent, now, random } = state;
	const { leftMs = Infinity } = state;
	const { maxRetries, maxRetryMs, maxRetryAfterMs, maxRateLimitWaitMs } = limits;
	if (isRateLimit(failure)) {
		const delay = getRateLimitDelayMs(failure, now);
		const isTooLong = delay > maxRetryAfterMs || waitedMs + delay > maxRateLimitWaitMs;
		return isTooLong || delay > leftMs ? undefined : delay;
	}
	if (failures > maxRetries || elapsedMs > maxRetryMs) return undefined;
	if (!isIdempotent || !isTransient(failure)) return undefined;
	// Jitter, so that requests that failed together are not repeated together.
	const backoff = FIRST_BACKOFF_MS * 2 ** (failures - 1) * (0.5 + random / 2);
	const delay = Math.max(backoff, readRetryAfter(failure, now));
	return delay > maxRetryAfterMs || delay > leftMs ? undefined : delay;
}

/** Returns `Retry-After` in milliseconds, or 0 if the header is missing. */
function readRetryAfter(failure: ApiFailure, now: number): number {
	const hasHeader = failure.kind === 'http' && failure.retryAfter !== undefined;
	return hasHeader ? parseRetryAfter(failure.retryAfter, now) : 0;
}

export function isRateLimit(failure: ApiFailure): failure is HttpFailure {
	return failure.kind === 'http' && failure.status === 429;
}

/** Returns how long the service demands to wait, in milliseconds. */
export function getRateLimitDelayMs({ retryAfter }: HttpFailure, now: number): number {
	return Math.max(parseRetryAfter(retryAfter, now), MIN_RETRY_AFTER_MS);
}

function isTransient(failure: ApiFailure): boolean {
	if (failure.kind === 'network') return !isPermanent(failure.cause);
	if (failure.kind !== 'http') return false;
	const { status } = failure;
	return TRANSIENT_STATUSES.includes(status) || (status >= 500 && status !== NOT_IMPLEMENTED);
}

/** Parses seconds or an HTTP date. `Date.parse` alone would also accept texts such as `7.5`. */
function parseRetryAfter(header = '', now: number): number {
	if (/^\d+$/.test(header)) return Number(header) * 1_000;
	const until = / GMT$/.test(header) ? Date.parse(header) : NaN;
	return Number.isNaN(until) ? DEFAULT_RETRY_AFTER_MS : until - now;
}
