import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import type { ApiFailure } from '../../../nodes/shared/api/failure.ts';
import { EXECUTION_LIMITS } from '../../../nodes/shared/api/retryDelay.ts';
import {
	AdaptiveLimiter,
	getCancelSignal,
	RetryPolicy,
	sleep,
	type RequestResult,
} from '../../../nodes/shared/api/retryPolicy.ts';

const MINUTE_MS = 60_000;
const DONE: RequestResult = { body: 'done' };
const httpFailure = (status: number, retryAfter?: string): RequestResult => ({
	failure: { kind: 'http', status, retryAfter },
});
const CONNECTION_LOST: RequestResult = { failure: { kind: 'network', cause: 'ECONNRESET' } };
const tooLong = httpFailure(429, '121');

let policy: RetryPolicy;
let cancellation: AbortController;
/** The time of each attempt, in milliseconds. */
let attempts: number[];
/** The argument of each attempt. */
let mayHaveSucceeded: boolean[];

beforeEach(() => {
	jest.useFakeTimers();
	jest.spyOn(Math, 'random').mockReturnValue(1);
	cancellation = new AbortController();
	policy = new RetryPolicy(cancellation.signal);
	[attempts, mayHaveSucceeded] = [[], []];
});
afterEach(() => {
	jest.useRealTimers();
	jest.restoreAllMocks();
});

/** Runs a request with these results. The last one repeats. */
async function run(results: RequestResult[], isIdempotent = true): Promise<RequestResult> {
	const start = performance.now();
	const left = [...results];
	return await policy.run(async (argument) => {
		attempts.push(performance.now() - start);
		mayHaveSucceeded.push(argument);
		return left.length > 1 ? left.shift()! : left[0]!;
	}, isIdempotent);
}

/** Advances the time until the promise settles. */
async function settle<T>(promise: Promise<T>): Promise<T> {
	promise.catch(() => {});
	await jest.advanceTimersByTimeAsync(30 * MINUTE_MS);
	return await promise;
}

const getFailure = ({ failure }: RequestResult): ApiFailure | undefined => failure;

describe('RetryPolicy', () => {
	it('sends a successful request once', async () => {
		expect(await settle(run([DONE]))).toEqual(DONE);
		expect([attempts, mayHaveSucceeded]).toEqual([[0], [false]]);
	});

	it('makes five attempts with exponential backoff', async () => {
		expect(await settle(run([httpFailure(500)]))).toEqual(httpFailure(500));
		expect(attempts).toEqual([0, 500, 1_500, 3_500, 7_500]);
	});

	it('retries after a 429 for ten minutes', async () => {
		expect(getFailure(await settle(run([httpFailure(429, '60')])))).toMatchObject({ status: 429 });
		expect(attempts).toHaveLength(11);
		expect(attempts.at(-1)).toBe(10 * MINUTE_MS);
	});

	it('stops all concurrent requests after ten minutes', async () => {
		const many = Array.from({ length: 20 }, async () => await run([httpFailure(429, '60')]));
		let settled = 0;
		for (const one of many) void one.then(() => settled++);
		await jest.advanceTimersByTimeAsync(9 * MINUTE_MS);
		expect(settled).toBe(0);
		await jest.advanceTimersByTimeAsync(3 * MINUTE_MS);
		expect(settled).toBe(20);
	});

	it('stops after ten minutes even if concurrent requests get the 429s in turn', async () => {
		jest.setSystemTime(0);
		const senders: string[] = [];
		let settled = 0;
		const send = async (name: string) => {
			await policy.run(async () => {
				senders.push(name);
				// With a response just before a whole second, the other request sends the next attempt.
				await sleep(990, undefined);
				const now = Math.ceil(Date.now() / 1_000) * 1_000;
				return httpFailure(429, new Date(now + MINUTE_MS).toUTCString());
			}, true);
			settled++;
		};
		void send('a');
		void send('b');
		await jest.advanceTimersByTimeAsync(9 * MINUTE_MS);
		expect(senders.join('')).toBe('ababababab');
		expect(settled).toBe(0);
		await jest.advanceTimersByTimeAsync(3 * MINUTE_MS);
		expect(settled).toBe(2);
	});

	it('stops after ten minutes even if another request succeeded in between', async () => {
		const other = policy.run(async () => {
			await sleep(MINUTE_MS / 2, undefined);
			return DONE;
		}, true);
		await settle(run([httpFailure(429, '60')]));
		expect(await other).toEqual(DONE);
		expect(attempts.at(-1)).toBe(10 * MINUTE_MS);
	});

	it('stops at the time limit of the request', async () => {
		await jest.advanceTimersByTimeAsync(MINUTE_MS);
		policy = new RetryPolicy(undefined, { ...EXECUTION_LIMITS, maxRetryMs: 1_000 });
		await settle(run([httpFailure(500)]));
		expect(attempts).toEqual([0, 500, 1_500]);
	});

	it('starts no retry after the deadline', async () => {
		policy = new RetryPolicy(undefined, EXECUTION_LIMITS, performance.now() + 1_000);
		await settle(run([httpFailure(500)]));
		expect(attempts).toEqual([0, 500]);
	});

	it('does not count a 429 as a failure', async () => {
		const limits = Array.from({ length: 6 }, () => httpFailure(429, '1'));
		expect(await settle(run([...limits, httpFailure(500), DONE]))).toEqual(DONE);
		expect(attempts).toHaveLength(8);
	});

	it('passes mayHaveSucceeded after a failure with unknown outcome', async () => {
		await settle(run([httpFailure(429, '1'), CONNECTION_LOST, httpFailure(429, '1'), DONE]));
		expect(mayHaveSucceeded).toEqual([false, false, true, true]);
	});

	it('retries a non-idempotent request only after a 429', async () => {
		expect(await settle(run([httpFailure(429, '1'), CONNECTION_LOST], false))).toEqual(
			CONNECTION_LOST,
		);
		expect(attempts).toEqual([0, 1_000]);
	});

	it('stops waiting soon after the execution was stopped', async () => {
		const promise = run([CONNECTION_LOST, httpFailure(429, '60'), DONE]);
		promise.catch(() => {});
		await jest.advanceTimersByTimeAsync(2_000);
		cancellation.abort();
		await jest.advanceTimersByTimeAsync(250);
		await expect(promise).rejects.toThrow('The execution was stopped');
		expect(attempts).toHaveLength(2);
	});

	it('releases the limiter if an attempt throws', async () => {
		await settle(run([httpFailure(429, '1'), DONE]));
		for (let index = 0; index < 2; index++) {
			const failing = policy.run(async () => await Promise.reject(new Error('stopped')), true);
			await expect(settle(failing)).rejects.toThrow('stopped');
		}
		expect(await settle(run([DONE]))).toEqual(DONE);
	});
});

describe('a Retry-After above the limit', () => {
	it('fails the request at once', async () => {
		expect(await settle(run([tooLong]))).toEqual(tooLong);
		expect(attempts).toEqual([0]);
	});

	it('fails the next requests without an attempt until it is over', async () => {
		await run([tooLong]);
		expect(await run([DONE])).toEqual(tooLong);
		await jest.advanceTimersByTimeAsync(120_999);
		expect(await run([DONE])).toEqual(tooLong);
		expect(attempts).toHaveLength(1);
		await jest.advanceTimersByTimeAsync(1);
		expect(await run([DONE])).toEqual(DONE);
	});

	it('releases the limiter', async () => {
		const first = run([httpFailure(429, '1'), tooLong]);
		await jest.advanceTimersByTimeAsync(1_100);
		expect(await first).toEqual(tooLong);
		const rejected = Promise.all([run([DONE]), run([DONE]), run([DONE])]);
		await jest.advanceTimersByTimeAsync(1_000);
		expect(await rejected).toEqual([tooLong, tooLong, tooLong]);
		await jest.advanceTimersByTimeAsync(121_000);
		expect(await settle(run([DONE]))).toEqual(DONE);
	});

	it('limits the concurrency of the next requests', async () => {
		await run([tooLong]);
		await jest.advanceTimersByTimeAsync(121_000);
		const pending = async () => {
			attempts.push(0);
			return await new Promise<RequestResult>(() => {});
		};
		attempts = [];
		for (let index = 0; index < 3; index++) void policy.run(pending, true);
		await jest.advanceTimersByTimeAsync(1_000);
		expect(attempts).toHaveLength(1);
	});

	it('fails requests that wait for the rate limit', async () => {
		const results = [httpFailure(429, '1'), tooLong];
		const attempt = jest.fn(async () => results[Math.min(attempt.mock.calls.length, 2) - 1]!);
		const first = policy.run(attempt, true);
		await jest.advanceTimersByTimeAsync(500);
		const second = policy.run(attempt, true);
		expect(await settle(Promise.all([first, second]))).toEqual([tooLong, tooLong]);
		expect(attempt).toHaveBeenCalledTimes(2);
	});
});

describe('getCancelSignal', () => {
	it('returns the signal of an execution', () => {
		const { signal } = cancellation;
		expect(getCancelSignal({ getExecutionCancelSignal: () => signal } as never)).toBe(signal);
	});

	it('returns undefined outside an execution', () => {
		expect(getCancelSignal({} as never)).toBeUndefined();
	});
});

describe('AdaptiveLimiter', () => {
	let limiter: AdaptiveLimiter;
	let inFlight: number;

	beforeEach(() => {
		jest.useFakeTimers();
		limiter = new AdaptiveLimiter();
		inFlight = 0;
	});
	afterEach(() => void jest.useRealTimers());

	/** Starts requests. */
	async function acquire(count: number): Promise<void> {
		for (let index = 0; index < count; index++)
			void limiter.acquire(undefined).then(() => inFlight++);
		await advance(0);
	}

	async function advance(ms: number): Promise<void> {
		await jest.advanceTimersByTimeAsync(ms);
	}

	/** Ends requests, with a pause if they were rate limited. */
	function release(count: number, pauseMs?: number): void {
		for (let index = 0; index < count; index++) limiter.release(pauseMs);
		inFlight -= count;
	}

	it('has no limit before the first 429', async () => {
		await acquire(500);
		expect(inFlight).toBe(500);
	});

	it('pauses as long as the service demands', async () => {
		await acquire(1);
		release(1, 1_000);
		await acquire(1);
		await advance(999);
		expect(inFlight).toBe(0);
		await advance(26);
		expect(inFlight).toBe(1);
	});

	it('pauses for the longest of several rejections', async () => {
		await acquire(2);
		release(1, 1_000);
		release(1, 200);
		await acquire(1);
		await advance(900);
		expect(inFlight).toBe(0);
		await advance(200);
		expect(inFlight).toBe(1);
	});

	it('halves the limit once for concurrent rejections', async () => {
		await acquire(8);
		release(8, 100);
		await acquire(20);
		await advance(200);
		expect(inFlight).toBe(4);
	});

	it('halves the number of requests in flight, but keeps at least one', async () => {
		await acquire(3);
		release(1, 100);
		release(2);
		await acquire(20);
		await advance(200);
		expect(inFlight).toBe(2);
		release(2, 100);
		await advance(200);
		expect(inFlight).toBe(1);
		release(1, 100);
		await advance(200);
		expect(inFlight).toBe(1);
	});

	it('halves the limit again after another pause', async () => {
		await acquire(8);
		release(8, 100);
		await acquire(20);
		await advance(200);
		release(4, 100);
		await advance(200);
		expect(inFlight).toBe(2);
	});

	it('adds one to the limit after a full round of successes', async () => {
		await acquire(8);
		release(8, 100);
		await acquire(50);
		await advance(200);
		expect(inFlight).toBe(4);
		release(4);
		await advance(50);
		expect(inFlight).toBe(4);
		release(1);
		await advance(50);
		expect(inFlight).toBe(5);
	});
});
