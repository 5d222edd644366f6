export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;

const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;
// Some systems write a space instead of the T, a comma in the fraction, and offsets without a colon.
const ISO_TIME =
	/^(\d{4}-\d{2}-\d{2})[t ](\d{2}:\d{2}(?::\d{2})?)(?:[.,](\d+))? ?(z|utc|gmt|[+-]\d{2}(?::?\d{2})?)?$/i;
const NAMED_ZONE = /(\b(z|utc?|gmt|[ecmp][sd]t)|[+-]\d{2}:?\d{2})( \([^)]*\))?$/i;
/** A four-digit year and a time. Dates such as `1/2/2025` are ambiguous, so they are excluded. */
const OTHER_TIME = /^(?!\d{1,2}[/.-]\d{1,2}[/.-]).*(\d{4}.*\d:\d{2}|\d:\d{2}.*\d{4})/;
const DIGITS = /^\d{10,}(\.\d+)?$/;

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
	if (typeof value === 'number') return parseTimestamp(value);
	if (typeof value !== 'string') return NaN;
	const text = value.trim();
	return DIGITS.test(text) ? parseTimestamp(Number(text)) : parseText(text);
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
	const [, date, time, fraction = '0', zone = 'Z'] = iso;
	return Date.parse(
		`${date}T${time}${time?.length === 5 ? ':00' : ''}.${fraction}${formatOffset(zone)}`,
	);
}

function addZone(text: string): string {
	return NAMED_ZONE.test(text) ? text : `${text} UTC`;
}

function formatOffset(zone: string): string {
	const [, hours, minutes = '00'] = /^([+-]\d{2}):?(\d{2})?$/.exec(zone) ?? [];
	return hours === undefined ? 'Z' : `${hours}:${minutes}`;
}
