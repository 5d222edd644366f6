const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;
// A space instead of the T, a comma in the fraction and offsets without a colon are what databases write.
const ISO_TIME =
	/^(\d{4}-\d{2}-\d{2})[t ](\d{2}:\d{2}(?::\d{2})?)(?:[.,](\d+))? ?(z|utc|gmt|[+-]\d{2}(?::?\d{2})?)?$/i;
const NAMED_ZONE = /(\b(z|utc?|gmt|[ecmp][sd]t)|[+-]\d{2}:?\d{2})( \([^)]*\))?$/i;
/** A year of four digits and a time. Which of `1/2/2025` is the month is not known. */
const OTHER_TIME = /^(?!\d{1,2}[/.-]\d{1,2}[/.-]).*(\d{4}.*\d:\d{2}|\d:\d{2}.*\d{4})/;
const DIGITS = /^\d{10,}(\.\d+)?$/;

// Smaller numbers are no times that a service of today sends: zero, a date without separators.
const FIRST_SECOND = 1e9;
const FIRST_MILLISECOND = 1e11;
const FIRST_MICROSECOND = 1e14;
const FIRST_NANOSECOND = 1e17;
const LAST_TIME = Date.UTC(2200, 0);

/**
 * Reads a time as a service means it: ISO 8601 and the forms near it, or a number since 1970. A time without a zone is
 * UTC, whatever the zone of this machine.
 *
 * @returns milliseconds since 1970, NaN if it is not a time
 */
export function parseTime(value: unknown): number {
	if (typeof value === 'number') return fromNumber(value);
	if (typeof value !== 'string') return NaN;
	const text = value.trim();
	return DIGITS.test(text) ? fromNumber(Number(text)) : fromText(text);
}

/** Seconds, milliseconds, microseconds or nanoseconds, told apart by their size. */
function fromNumber(value: number): number {
	const time = inMilliseconds(value);
	return value >= FIRST_SECOND && time < LAST_TIME ? time : NaN;
}

function inMilliseconds(value: number): number {
	if (value < FIRST_MILLISECOND) return value * 1_000;
	if (value < FIRST_MICROSECOND) return value;
	return value < FIRST_NANOSECOND ? value / 1_000 : value / 1_000_000;
}

function fromText(text: string): number {
	if (ISO_DATE.test(text)) return Date.parse(text);
	const iso = ISO_TIME.exec(text);
	if (!iso) return OTHER_TIME.test(text) ? Date.parse(withZone(text)) : NaN;
	const [, date, time, fraction = '0', zone = 'Z'] = iso;
	return Date.parse(`${date}T${time}${time?.length === 5 ? ':00' : ''}.${fraction}${offset(zone)}`);
}

function withZone(text: string): string {
	return NAMED_ZONE.test(text) ? text : `${text} UTC`;
}

function offset(zone: string): string {
	const [, hours, minutes = '00'] = /^([+-]\d{2}):?(\d{2})?$/.exec(zone) ?? [];
	return hours === undefined ? 'Z' : `${hours}:${minutes}`;
}
