import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import type { ApiFault } from '../../nodes/shared/apiFault.ts';
import { Retries, type Outcome } from '../../nodes/shared/retries.ts';

const MINUTE_MS = 60_000;
const DONE: Outcome = { body: 'done' };
const refused = (status: number, retryAfter?: string): Outcome => ({
	fault: { kind: 'refused', status, retryAfter },
});
const CUT: Outcome = { fault: { kind: 'unreachable', cause: 'ECONNRESET' } };
const tooLong = refused(429, '121');

let retries: Retries;
let stopping: AbortController;
/** When each attempt was made, in milliseconds. */
let attempts: number[];
/** What each attempt was told of those before. */
let mayBeDone: boolean[];

beforeEach(() => {
	jest.useFakeTimers();
	jest.spyOn(Math, 'random').mockReturnValue(1);
	stopping = new AbortController();
	retries = new Retries(stopping.signal);
	[attempts, mayBeDone] = [[], []];
});
afterEach(() => {
	jest.useRealTimers();
	jest.restoreAllMocks();
});

/** A call that gets these outcomes in turn, and the last of them from then on. */
async function call(outcomes: Outcome[], isRepeatable = true): Promise<Outcome> {
	const start = performance.now();
	const left = [...outcomes];
	return await retries.make(async (isSecond) => {
		attempts.push(performance.now() - start);
		mayBeDone.push(isSecond);
		return left.length > 1 ? left.shift()! : left[0]!;
	}, isRepeatable);
}

/** Lets time go by until the call has ended. */
async function ended<T>(calling: Promise<T>): Promise<T> {
	calling.catch(() => {});
	await jest.advanceTimersByTimeAsync(30 * MINUTE_MS);
	return await calling;
}

const faultOf = ({ fault }: Outcome): ApiFault | undefined => fault;

describe('a call', () => {
	it('that succeeds is made once, and told that nothing was done before', async () => {
		expect(await ended(call([DONE]))).toEqual(DONE);
		expect([attempts, mayBeDone]).toEqual([[0], [false]]);
	});

	it('that goes on failing is made five times, later and later', async () => {
		expect(await ended(call([refused(500)]))).toEqual(refused(500));
		expect(attempts).toEqual([0, 500, 1_500, 3_500, 7_500]);
	});

	it('that is refused for the rate limit is made again for ten minutes, as often as it takes', async () => {
		expect(faultOf(await ended(call([refused(429, '60')])))).toMatchObject({ status: 429 });
		expect(attempts).toHaveLength(11);
		expect(attempts.at(-1)).toBe(10 * MINUTE_MS);
	});

	it('is given up after ten minutes however many others are refused in turn with it', async () => {
		const many = Array.from({ length: 50 }, async () => await call([refused(429, '60')]));
		let ended = 0;
		for (const one of many) void one.then(() => ended++);
		await jest.advanceTimersByTimeAsync(9 * MINUTE_MS);
		expect(ended).toBe(0);
		await jest.advanceTimersByTimeAsync(3 * MINUTE_MS);
		expect(ended).toBe(50);
	});

	it('does not count refusals for the rate limit among its failures', async () => {
		const limits = Array.from({ length: 6 }, () => refused(429, '1'));
		expect(await ended(call([...limits, refused(500), DONE]))).toEqual(DONE);
		expect(attempts).toHaveLength(8);
	});

	it('is told that it may be done from the first failure on that leaves it open', async () => {
		await ended(call([refused(429, '1'), CUT, refused(429, '1'), DONE]));
		expect(mayBeDone).toEqual([false, false, true, true]);
	});

	it('that must not be repeated is, after a refusal for the rate limit alone', async () => {
		expect(await ended(call([refused(429, '1'), CUT], false))).toEqual(CUT);
		expect(attempts).toEqual([0, 1_000]);
	});

	it('ends soon after the execution was stopped while it waits', async () => {
		const calling = call([CUT, refused(429, '60'), DONE]);
		calling.catch(() => {});
		await jest.advanceTimersByTimeAsync(2_000);
		stopping.abort();
		await jest.advanceTimersByTimeAsync(250);
		await expect(calling).rejects.toThrow('The execution was stopped');
		expect(attempts).toHaveLength(2);
	});

	it('that throws leaves room for others', async () => {
		await ended(call([refused(429, '1'), DONE]));
		for (let call = 0; call < 2; call++) {
			const failing = retries.make(async () => await Promise.reject(new Error('stopped')), true);
			await expect(ended(failing)).rejects.toThrow('stopped');
		}
		expect(await ended(call([DONE]))).toEqual(DONE);
	});
});

describe('a Retry-After that nobody waits for', () => {
	it('ends the call at once', async () => {
		expect(await ended(call([tooLong]))).toEqual(tooLong);
		expect(attempts).toEqual([0]);
	});

	it('ends the calls that follow, unmade, until its time is over', async () => {
		await call([tooLong]);
		expect(await call([DONE])).toEqual(tooLong);
		await jest.advanceTimersByTimeAsync(120_999);
		expect(await call([DONE])).toEqual(tooLong);
		expect(attempts).toHaveLength(1);
		await jest.advanceTimersByTimeAsync(1);
		expect(await call([DONE])).toEqual(DONE);
	});

	it('takes no room from those that follow', async () => {
		const first = call([refused(429, '1'), tooLong]);
		await jest.advanceTimersByTimeAsync(1_100);
		expect(await first).toEqual(tooLong);
		const unmade = Promise.all([call([DONE]), call([DONE]), call([DONE])]);
		await jest.advanceTimersByTimeAsync(1_000);
		expect(await unmade).toEqual([tooLong, tooLong, tooLong]);
		await jest.advanceTimersByTimeAsync(121_000);
		expect(await ended(call([DONE]))).toEqual(DONE);
	});

	it('ends those that wait for the rate limit meanwhile', async () => {
		const answers = [refused(429, '1'), tooLong];
		const attempt = jest.fn(async () => answers[Math.min(attempt.mock.calls.length, 2) - 1]!);
		const first = retries.make(attempt, true);
		await jest.advanceTimersByTimeAsync(500);
		const second = retries.make(attempt, true);
		expect(await ended(Promise.all([first, second]))).toEqual([tooLong, tooLong]);
		expect(attempt).toHaveBeenCalledTimes(2);
	});
});
