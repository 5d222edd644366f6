import { HOUR_MS, MINUTE_MS, SECOND_MS } from './time';

/** The delay before each attempt of a delivery in seconds, from the end of the previous attempt. */
export const ATTEMPT_DELAYS_S: readonly number[] = [0, 5, 30, 120, 600, 1800, 3600];

/** MindPeeker waits this long for a response. */
export const RESPONSE_TIMEOUT_MS = 5 * SECOND_MS;

/** The number of attempts, including the first one. */
export const ATTEMPTS = ATTEMPT_DELAYS_S.length;

/** The time to the last attempt: from the start of the first one, if each gets a response at once. */
export const LAST_ATTEMPT_MS = ATTEMPT_DELAYS_S.reduce(
	(total, delay) => total + delay * SECOND_MS,
	0,
);

/** The retry window: from the start of the first attempt to the end of the last one, if every attempt times out. */
export const RETRY_WINDOW_MS = LAST_ATTEMPT_MS + ATTEMPTS * RESPONSE_TIMEOUT_MS;

/** For texts. */
export const RETRY_WINDOW_MINUTES = Math.round(RETRY_WINDOW_MS / MINUTE_MS);

/** How long a previous signing secret must stay valid, because retries are signed with it. */
export const SECRET_OVERLAP_HOURS = Math.ceil(RETRY_WINDOW_MS / HOUR_MS);

/**
 * How long a delivery may wait for n8n: as long as MindPeeker waits before the second-to-last attempt. If n8n never
 * responds to an earlier attempt, the last two attempts arrive after this time and start a new execution.
 */
export const PENDING_TIMEOUT_MS = (ATTEMPT_DELAYS_S.at(-2) as number) * SECOND_MS;
