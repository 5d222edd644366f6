import { describe, expect, it } from '@jest/globals';

import type { ApiFault } from '../../nodes/shared/apiFault.ts';
import { delayBeforeRetry, type RetryLimits } from '../../nodes/shared/retryDelay.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const refused = (status: number, retryAfter?: string): ApiFault => ({
	kind: 'refused',
	status,
	retryAfter,
});
const delay = (fault: ApiFault, more = {}, limits?: RetryLimits) => {
	const failure = { fault, failures: 1, waitedMs: 0, elapsedMs: 0, isRepeatable: true };
	return delayBeforeRetry({ ...failure, now: NOW, random: 0, ...more }, limits);
};

describe('a call that failed is made again', () => {
	it.each<[string, ApiFault]>([
		['where the service failed', refused(500)],
		['where it is down', refused(503)],
		['where no answer came', { kind: 'unreachable', cause: 'ECONNRESET' }],
	])('%s, later each time', (_, fault) => {
		const delays = [1, 2, 3, 4].map((failures) => delay(fault, { failures }));
		expect(delays).toEqual([250, 500, 1_000, 2_000]);
		expect(delay(fault, { failures: 5 })).toBeUndefined();
	});

	it('at another moment than those who failed at the same time', () => {
		expect([0, 0.5, 1].map((random) => delay(refused(500), { random }))).toEqual([250, 375, 500]);
	});

	it.each<[string | undefined, number]>([
		['7', 7_000],
		['120', 120_000],
		['1', 1_000],
		['0', 1_000],
		['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
		['Wed, 31 Dec 2025 23:00:00 GMT', 1_000],
		['7.5', 10_000],
		['7,8', 10_000],
		['-7', 10_000],
		['2027-01-01', 10_000],
		['Thu, 01 Jan 2026 00:00:30 GMT+0100', 10_000],
		['tomorrow, by GMT', 10_000],
		['soon', 10_000],
		['', 10_000],
		[undefined, 10_000],
	])('where the rate limit is used up and Retry-After is %j, after %d ms', (header, ms) => {
		expect(delay(refused(429, header))).toBe(ms);
		expect(delay(refused(429, header), { isRepeatable: false })).toBe(ms);
	});
});

describe('a call that failed is not made again', () => {
	it.each([400, 401, 403, 404, 409, 422, 302, 501])('where the answer was %d', (status) => {
		expect(delay(refused(status))).toBeUndefined();
	});

	it.each<[string, ApiFault]>([
		['the service failed', refused(500)],
		['no answer came', { kind: 'unreachable', cause: '' }],
	])('where it would have its effect twice, and %s', (_, fault) => {
		expect(delay(fault, { isRepeatable: false })).toBeUndefined();
	});

	it('where the answer makes no sense, or nothing was called', () => {
		expect(delay({ kind: 'unintelligible', detail: '' })).toBeUndefined();
		expect(delay({ kind: 'no-base-url' })).toBeUndefined();
	});

	it.each(['121', '86400', 'Fri, 02 Jan 2026 00:00:00 GMT'])(
		'where it would have to wait until %s',
		(header) => expect(delay(refused(429, header))).toBeUndefined(),
	);

	it('where it has waited for the rate limit for ten minutes', () => {
		expect(delay(refused(429, '60'), { waitedMs: 540_000 })).toBe(60_000);
		expect(delay(refused(429, '60'), { waitedMs: 540_001 })).toBeUndefined();
	});
});

describe('limits of its own', () => {
	const limits: RetryLimits = {
		maxRetries: 2,
		maxRetryMs: 5_000,
		maxRetryAfterMs: 60_000,
		maxRateLimitWaitMs: 70_000,
		maxTotalMs: 120_000,
	};
	it.each<[string, ApiFault, object, number | undefined]>([
		['the last retry', refused(503), { failures: 2 }, 500],
		['one retry more', refused(503), { failures: 3 }, undefined],
		['a retry in time', refused(503), { elapsedMs: 5_000 }, 250],
		['a retry too late', refused(503), { elapsedMs: 5_001 }, undefined],
		['a wait that is allowed', refused(429, '60'), { elapsedMs: 60_000 }, 60_000],
		['a longer wait', refused(429, '61'), {}, undefined],
		['all waits that are allowed', refused(429, '10'), { waitedMs: 60_000 }, 10_000],
		['one wait more', refused(429, '10'), { waitedMs: 60_001 }, undefined],
		['a wait until the deadline', refused(429, '10'), { leftMs: 10_000 }, 10_000],
		['a wait beyond the deadline', refused(429, '10'), { leftMs: 9_999 }, undefined],
		['a service that says when it is back', refused(503, '7'), {}, 7_000],
		['a service that is back soon', refused(503, '0'), {}, 250],
		['a service that is back too late', refused(503, '61'), {}, undefined],
		['a service that is back beyond the deadline', refused(503, '7'), { leftMs: 6_999 }, undefined],
		['a request that came too slowly', refused(408), {}, 250],
		['a request that came too early', refused(425), {}, 250],
	])('%s', (_, fault, more, expected) => {
		expect(delay(fault, more, limits)).toBe(expected);
	});
});
