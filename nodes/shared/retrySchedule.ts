/** MindPeeker waits this long before each of its seven attempts, in seconds after the previous one. */
export const ATTEMPT_DELAYS_S: readonly number[] = [0, 5, 30, 120, 600, 1800, 3600];

/** A receiver that takes longer has not received, in milliseconds. */
export const ANSWER_TIMEOUT_MS = 5_000;

/** From the first attempt to the last one, at least, in milliseconds. */
export const LAST_ATTEMPT_MS = ATTEMPT_DELAYS_S.reduce((total, delay) => total + delay * 1_000, 0);

/** From the first attempt to the end of the last one, each of which may use up its time, in milliseconds. */
export const RETRY_WINDOW_MS = LAST_ATTEMPT_MS + ATTEMPT_DELAYS_S.length * ANSWER_TIMEOUT_MS;
