import { toNumber } from './values';

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;

const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;
// Some systems write a space instead of the T, a comma in the fraction, and offsets without a colon.
const ISO_TIME =
	/^(\d{4}-\d{2}-\d{2})[t ](\d{2}:\d{2})(?::(\d{2}))?(?:[.,](\d+))? ?(?:z|utc|gmt|([+-]\d{2})(?::?(\d{2}))?)?$/i;
/**
 * A zone other than UTC. An offset has at most 14 hours, which excludes the year of `15-Jan-2025`. `Date.parse` ignores
 * what is in parentheses.
 */
const OTHER_ZONE = /(?<!\()\b[ecmp][sd]t\b|[+-](0\d|1[0-4]):?\d{2}/i;
/** A four-digit year and a time. Dates such as `1/2/2025` are ambiguous, so they are excluded. */
const OTHER_TIME = /^(?!\d{1,2}[/.-]\d{1,2}[/.-]).*(\d{4}.*\d:\d{2}|\d:\d{2}.*\d{4})/;

// Smaller numbers are not timestamps of today, for example 0 or 20250115.
const FIRST_SECOND = 1e9;
const FIRST_MILLISECOND = 1e11;
const FIRST_MICROSECOND = 1e14;
const FIRST_NANOSECOND = 1e17;
const LAST_TIME = Date.UTC(2200, 0);

/**
 * Parses ISO 8601, similar formats, and Unix timestamps. A time without a zone is UTC.
 *
 * @returns milliseconds since 1970, or NaN if the value is not a time
 */
export function parseTime(value: unknown): number {
	const timestamp = toNumber(value);
	if (!Number.isNaN(timestamp)) return parseTimestamp(timestamp);
	return typeof value === 'string' ? parseText(value.trim()) : NaN;
}

function parseTimestamp(value: number): number {
	const time = toMilliseconds(value);
	return value >= FIRST_SECOND && time < LAST_TIME ? time : NaN;
}

/** Detects seconds, milliseconds, microseconds or nanoseconds by magnitude. */
function toMilliseconds(value: number): number {
	if (value < FIRST_MILLISECOND) return value * 1_000;
	if (value < FIRST_MICROSECOND) return value;
	return value < FIRST_NANOSECOND ? value / 1_000 : value / 1_000_000;
}

function parseText(text: string): number {
	if (ISO_DATE.test(text)) return Date.parse(text);
	const iso = ISO_TIME.exec(text);
	if (!iso) return OTHER_TIME.test(text) ? Date.parse(addZone(text)) : NaN;
	const [, date, time, seconds = '00', fraction = '0', hours, minutes = '00'] = iso;
	const offset = hours === undefined ? 'Z' : `${hours}:${minutes}`;
	return Date.parse(`${date}T${time}:${seconds}.${fraction}${offset}`);
}

function addZone(text: string): string {
	return OTHER_ZONE.test(text) ? text : `${text} UTC`;
}
