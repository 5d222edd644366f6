import type { ApiFault } from './apiFault';
import { isLasting } from './networkFault';

/** How long and how often a call is repeated. Times are in milliseconds. */
export interface RetryLimits {
	/** After a failure that may pass, the rate limit apart. */
	readonly maxRetries: number;
	/** No retry begins later than this after the first attempt, the rate limit apart. */
	readonly maxRetryMs: number;
	/** The longest `Retry-After` that is waited for. */
	readonly maxRetryAfterMs: number;
	/** For the rate limit, all waits of a call together. */
	readonly maxRateLimitWaitMs: number;
	/** What belongs together, such as all pages of a list. */
	readonly maxTotalMs: number;
}

/** In an execution, where nobody waits at the screen. */
export const EXECUTION_LIMITS: RetryLimits = {
	maxRetries: 4,
	maxRetryMs: Infinity,
	maxRetryAfterMs: 120_000,
	maxRateLimitWaitMs: 600_000,
	maxTotalMs: 900_000,
};

const FIRST_BACK_OFF_MS = 500;
const DEFAULT_RETRY_AFTER_MS = 10_000;
/** A service that says "now" for ever is asked once a second, and not as fast as it answers. */
const LEAST_RETRY_AFTER_MS = 1_000;
const NOT_IMPLEMENTED = 501;
/** A request that came too slowly, or too early. */
const PASSING = [408, 425];

/** What is known when a call has failed. */
export interface Failure {
	readonly fault: ApiFault;
	/** How often it has failed for another reason than the rate limit, this time included. */
	readonly failures: number;
	/** How long it has waited for the rate limit so far, in milliseconds. */
	readonly waitedMs: number;
	/** Since the first attempt, in milliseconds. */
	readonly elapsedMs: number;
	/** Until the deadline of all calls together, in milliseconds; no limit if missing. */
	readonly leftMs?: number;
	/** Whether the call has the same effect when it is made twice. */
	readonly isRepeatable: boolean;
	/** Milliseconds since 1970. */
	readonly now: number;
	/** From 0 to 1. */
	readonly random: number;
}

/**
 * How long to wait before a call is made again, in milliseconds; undefined where it must not be. What was refused
 * for the rate limit had no effect, so that every call may be repeated then.
 */
export function delayBeforeRetry(
	failure: Failure,
	limits: RetryLimits = EXECUTION_LIMITS,
): number | undefined {
	const { fault, failures, waitedMs, elapsedMs, isRepeatable, now, random } = failure;
	const { leftMs = Infinity } = failure;
	const { maxRetries, maxRetryMs, maxRetryAfterMs, maxRateLimitWaitMs } = limits;
	if (isRateLimit(fault)) {
		const delay = rateLimitDelay(fault, now);
		const isTooLong = delay > maxRetryAfterMs || waitedMs + delay > maxRateLimitWaitMs;
		return isTooLong || delay > leftMs ? undefined : delay;
	}
	if (failures > maxRetries || elapsedMs > maxRetryMs) return undefined;
	if (!isRepeatable || !mayPass(fault)) return undefined;
	// Those who failed together must not come back together.
	const backOff = FIRST_BACK_OFF_MS * 2 ** (failures - 1) * (0.5 + random / 2);
	const delay = Math.max(backOff, retryAfterOf(fault, now));
	return delay > maxRetryAfterMs || delay > leftMs ? undefined : delay;
}

/** A service that is down may say for how long, in milliseconds; 0 if it does not. */
function retryAfterOf(fault: ApiFault, now: number): number {
	const isSaid = fault.kind === 'refused' && fault.retryAfter !== undefined;
	return isSaid ? retryAfterMs(fault.retryAfter, now) : 0;
}

type RateLimitFault = Extract<ApiFault, { kind: 'refused' }>;

export function isRateLimit(fault: ApiFault): fault is RateLimitFault {
	return fault.kind === 'refused' && fault.status === 429;
}

/** How long the service wants not to be called, in milliseconds. */
export function rateLimitDelay({ retryAfter }: RateLimitFault, now: number): number {
	return Math.max(retryAfterMs(retryAfter, now), LEAST_RETRY_AFTER_MS);
}

function mayPass(fault: ApiFault): boolean {
	if (fault.kind === 'unreachable') return !isLasting(fault.cause);
	if (fault.kind !== 'refused') return false;
	const { status } = fault;
	return PASSING.includes(status) || (status >= 500 && status !== NOT_IMPLEMENTED);
}

/** The header gives seconds or a date; of other texts, such as `7.5`, `Date.parse` would make dates too. */
function retryAfterMs(header = '', now: number): number {
	if (/^\d+$/.test(header)) return Number(header) * 1_000;
	const until = / GMT$/.test(header) ? Date.parse(header) : NaN;
	return Number.isNaN(until) ? DEFAULT_RETRY_AFTER_MS : until - now;
}
