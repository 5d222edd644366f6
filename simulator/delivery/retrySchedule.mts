const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** The delay before each attempt in milliseconds, from the end of the previous attempt. */
export const ATTEMPT_DELAYS_MS: readonly number[] = [
	0,
	5 * SECOND,
	30 * SECOND,
	2 * MINUTE,
	10 * MINUTE,
	30 * MINUTE,
	1 * HOUR,
];
