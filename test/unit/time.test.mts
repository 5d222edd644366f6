import { runInThisContext } from 'node:vm';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from '@jest/globals';

import { parseTime } from '../../nodes/shared/time.ts';

const TIME = Date.UTC(2025, 0, 15, 10, 30);
// Jest replaces `process.env` with a copy, which does not set the time zone.
const env = runInThisContext('process.env') as NodeJS.ProcessEnv;
const originalZone = env.TZ;
afterEach(() => {
	if (originalZone === undefined) delete env.TZ;
	else env.TZ = originalZone;
});

describe.each(['UTC', 'America/New_York', 'Asia/Kolkata', 'Pacific/Auckland'])('in %s', (zone) => {
	it.each<[unknown, number]>([
		['2025-01-15T10:30:00Z', TIME],
		['2025-01-15T10:30Z', TIME],
		['2025-01-15T10:30:00', TIME],
		['2025-01-15T10:30', TIME],
		['2025-01-15 10:30:00', TIME],
		[' 2025-01-15T10:30:00 ', TIME],
		['2025-01-15t10:30:00z', TIME],
		['2025-01-15T10:30:00.250Z', TIME + 250],
		['2025-01-15T10:30:00,250', TIME + 250],
		['2025-01-15T10:30:00.123456', TIME + 123],
		['2025-01-15T16:00:00+05:30', TIME],
		['2025-01-15T12:30:00+0200', TIME],
		['2025-01-15 12:30:00,250 +0200', TIME + 250],
		['2025-01-15 12:30:00+02', TIME],
		['2025-01-15T05:30:00-05:00', TIME],
		['2025-01-15 10:30:00 UTC', TIME],
		['2025-01-15 05:30:00 EST', TIME],
		['2025-01-15', Date.UTC(2025, 0, 15)],
		['2025/01/15 10:30:00', TIME],
		['Wed, 15 Jan 2025 10:30:00 GMT', TIME],
		['Wed, 15 Jan 2025 10:30:00', TIME],
		['Wed, 15 Jan 2025 05:30:00 EST', TIME],
		['Wed, 15 Jan 2025 23:30:00 +1300', TIME],
		['Wed Jan 15 10:30:00 2025', TIME],
		['Wed Jan 15 05:30:00 EST 2025', TIME],
		['15-Jan-2025 10:30:00', TIME],
		['10:30 15-Jan-2025', TIME],
		['Wed Jan 15 2025 12:30:00 GMT+0200 (Central European Summer Time)', TIME],
		['Jan 15, 2025 10:30 AM', TIME],
		['Jan 15, 2025 10:30 AM (EST)', TIME],
		[TIME * 1_000_000, TIME],
		[TIME / 1_000, TIME],
		[TIME / 1_000 + 0.5, TIME + 500],
		[TIME, TIME],
		[TIME * 1_000, TIME],
		[String(TIME / 1_000), TIME],
		[String(TIME), TIME],
		['1.736937e+09', TIME],
	])('parses %j', (value, expected) => {
		env.TZ = zone;
		expect(parseTime(value)).toBe(expected);
	});
});

it.each([
	['seconds', 1e9, Date.UTC(2001, 8, 9, 1, 46, 40)],
	['seconds', 7_258_118_399, Date.UTC(2199, 11, 31, 23, 59, 59)],
	['milliseconds', 1e11, Date.UTC(1973, 2, 3, 9, 46, 40)],
	['microseconds', 1e14, Date.UTC(1973, 2, 3, 9, 46, 40)],
	['nanoseconds', 1e17, Date.UTC(1973, 2, 3, 9, 46, 40)],
])('detects %s by magnitude: %d', (_, value, expected) => {
	expect(parseTime(value)).toBe(expected);
});

describe('an invalid time', () => {
	it.each<[unknown]>([
		[undefined],
		[null],
		[''],
		['yesterday'],
		['20250115'],
		['0'],
		['item-7'],
		['due 2025-01-15'],
		['at 2025-01-15T10:30:00Z'],
		['15 Jan 25 10:30:00'],
		['Score 3:1 May 15 2025'],
		['n/a 12'],
		['01/07/2026 10:30'],
		['1/7/2026 10:30'],
		['20260701120000'],
		[20_260_701_120_000],
		['2025-13-45T10:30:00'],
		[0],
		[-1],
		[20_250_115],
		[999_999_999],
		[7_258_118_400],
		[NaN],
		[true],
		[['2025-01-15T10:30:00Z']],
		[{}],
	])('is rejected: %j', (value) => expect(parseTime(value)).toBeNaN());

	it('never throws', () => {
		fc.assert(
			fc.property(fc.anything(), (value) => {
				expect(typeof parseTime(value)).toBe('number');
			}),
		);
	});
});

it('every format of every time of this century is parsed', () => {
	const time = fc.date({ min: new Date('2001-10-01'), max: new Date('2099-12-31') });
	fc.assert(
		fc.property(
			time.filter((date) => !Number.isNaN(date.getTime())),
			(date) => {
				const iso = date.toISOString();
				const ms = date.getTime();
				for (const format of [
					iso,
					iso.slice(0, -1),
					iso.replace('T', ' '),
					ms,
					ms / 1_000,
					String(ms),
				]) {
					expect(parseTime(format)).toBeCloseTo(ms, 0);
				}
			},
		),
	);
});
