/** The delay before each attempt of a delivery in seconds, from the end of the previous attempt. */
export const ATTEMPT_DELAYS_S: readonly number[] = [0, 5, 30, 120, 600, 1800, 3600];

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** MindPeeker waits this long for a response. */
export const RESPONSE_TIMEOUT_MS = 5 * SECOND_MS;

/** The number of attempts, including the first one. */
export const ATTEMPTS = ATTEMPT_DELAYS_S.length;

/** The minimum time from the first attempt to the last one. */
export const LAST_ATTEMPT_MS = ATTEMPT_DELAYS_S.reduce(
	(total, delay) => total + delay * SECOND_MS,
	0,
);

/** The maximum time from the first attempt to the end of the last one, if every attempt times out. */
export const RETRY_WINDOW_MS = LAST_ATTEMPT_MS + ATTEMPTS * RESPONSE_TIMEOUT_MS;

/** The retry window for texts. */
export const RETRY_WINDOW_MINUTES = Math.round(RETRY_WINDOW_MS / MINUTE_MS);

/** How long a previous signing secret must stay valid, because retries are signed with it. */
export const SECRET_OVERLAP_HOURS = Math.ceil(RETRY_WINDOW_MS / HOUR_MS);

/**
 * How long a delivery may wait for n8n. The last two attempts come later, so they start a new execution if n8n never
 * responds to an earlier one.
 */
export const PENDING_TIMEOUT_MS = Math.max(...ATTEMPT_DELAYS_S.slice(0, -1)) * SECOND_MS;
