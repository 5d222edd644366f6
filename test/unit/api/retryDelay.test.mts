import { describe, expect, it } from '@jest/globals';

import type { ApiFailure } from '../../../nodes/shared/api/failure.ts';
import { getRetryDelayMs, type RetryLimits } from '../../../nodes/shared/api/retryDelay.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const httpFailure = (status: number, retryAfter?: string): ApiFailure => ({
	kind: 'http',
	status,
	retryAfter,
});
const delay = (failure: ApiFailure, more = {}, limits?: RetryLimits) => {
	const state = { failure, failures: 1, waitedMs: 0, elapsedMs: 0, isIdempotent: true };
	return getRetryDelayMs({ ...state, now: NOW, random: 0, ...more }, limits);
};

describe('a retry', () => {
	it.each<[string, ApiFailure]>([
		['a server error', httpFailure(500)],
		['an unavailable service', httpFailure(503)],
		['a lost connection', { kind: 'network', cause: 'ECONNRESET' }],
	])('has exponential backoff after %s', (_, failure) => {
		const delays = [1, 2, 3, 4].map((failures) => delay(failure, { failures }));
		expect(delays).toEqual([250, 500, 1_000, 2_000]);
		expect(delay(failure, { failures: 5 })).toBeUndefined();
	});

	it('has jitter', () => {
		expect([0, 0.5, 1].map((random) => delay(httpFailure(500), { random }))).toEqual([
			250, 375, 500,
		]);
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
	])('follows a 429 with Retry-After %j after %d ms', (header, ms) => {
		expect(delay(httpFailure(429, header))).toBe(ms);
		expect(delay(httpFailure(429, header), { isIdempotent: false })).toBe(ms);
	});
});

describe('no retry', () => {
	it.each([400, 401, 403, 404, 409, 422, 302, 501])('follows a %d', (status) => {
		expect(delay(httpFailure(status))).toBeUndefined();
	});

	it.each<[string, ApiFailure]>([
		['a server error', httpFailure(500)],
		['a lost connection', { kind: 'network', cause: '' }],
	])('of a non-idempotent request follows %s', (_, failure) => {
		expect(delay(failure, { isIdempotent: false })).toBeUndefined();
	});

	it('follows an invalid response or base URL', () => {
		expect(delay({ kind: 'invalid-response', problem: '' })).toBeUndefined();
		expect(delay({ kind: 'no-base-url' })).toBeUndefined();
	});

	it.each(['121', '86400', 'Fri, 02 Jan 2026 00:00:00 GMT'])(
		'follows a Retry-After of %s',
		(header) => expect(delay(httpFailure(429, header))).toBeUndefined(),
	);

	it('follows a total wait of more than ten minutes', () => {
		expect(delay(httpFailure(429, '60'), { waitedMs: 540_000 })).toBe(60_000);
		expect(delay(httpFailure(429, '60'), { waitedMs: 540_001 })).toBeUndefined();
	});
});

describe('custom limits', () => {
	const limits: RetryLimits = {
		maxRetries: 2,
		maxRetryMs: 5_000,
		maxRetryAfterMs: 60_000,
		maxRateLimitWaitMs: 70_000,
		maxTotalMs: 120_000,
	};
	it.each<[string, ApiFailure, object, number | undefined]>([
		['the last retry', httpFailure(503), { failures: 2 }, 500],
		['one retry too many', httpFailure(503), { failures: 3 }, undefined],
		['a retry in time', httpFailure(503), { elapsedMs: 5_000 }, 250],
		['a retry too late', httpFailure(503), { elapsedMs: 5_001 }, undefined],
		['the longest wait', httpFailure(429, '60'), { elapsedMs: 60_000 }, 60_000],
		['a wait that is too long', httpFailure(429, '61'), {}, undefined],
		['the longest total wait', httpFailure(429, '10'), { waitedMs: 60_000 }, 10_000],
		['a total wait that is too long', httpFailure(429, '10'), { waitedMs: 60_001 }, undefined],
		['a wait until the deadline', httpFailure(429, '10'), { leftMs: 10_000 }, 10_000],
		['a wait beyond the deadline', httpFailure(429, '10'), { leftMs: 9_999 }, undefined],
		['a 503 with Retry-After', httpFailure(503, '7'), {}, 7_000],
		['a 503 with Retry-After 0', httpFailure(503, '0'), {}, 250],
		['a 503 with the longest Retry-After', httpFailure(503, '60'), {}, 60_000],
		['a 503 with a Retry-After above the limit', httpFailure(503, '61'), {}, undefined],
		[
			'a 503 with a Retry-After until the deadline',
			httpFailure(503, '7'),
			{ leftMs: 7_000 },
			7_000,
		],
		[
			'a 503 with a Retry-After beyond the deadline',
			httpFailure(503, '7'),
			{ leftMs: 6_999 },
			undefined,
		],
		['Request Timeout', httpFailure(408), {}, 250],
		['Too Early', httpFailure(425), {}, 250],
	])('apply to: %s', (_, failure, more, expected) => {
		expect(delay(failure, more, limits)).toBe(expected);
	});
});
