import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';

import { sideBySide } from '../../nodes/MindPeeker/execution/sideBySide.ts';

describe('doing something for many side by side', () => {
	it('gives the results in order, whichever ends first, and never exceeds the limit', async () => {
		const counts = fc.integer({ min: 0, max: 30 });
		const limits = fc.oneof(fc.integer({ min: 1, max: 10 }), fc.constant(Infinity));
		await fc.assert(
			fc.asyncProperty(fc.scheduler(), counts, limits, async (s, count, atATime) => {
				let underWay = 0;
				let most = 0;
				const done = sideBySide(count, { atATime, intervalMs: 0 }, async (index) => {
					most = Math.max(most, ++underWay);
					await s.schedule(Promise.resolve());
					underWay--;
					return index;
				});
				expect(await s.waitFor(done)).toEqual(Array.from({ length: count }, (_, index) => index));
				expect(most).toBe(Math.min(count, atATime));
			}),
		);
	});

	it('throws the first failure, when those under way have ended, and begins none after it', async () => {
		const begun: number[] = [];
		const ended: number[] = [];
		const done = sideBySide(10, { atATime: 3, intervalMs: 0 }, async (index) => {
			begun.push(index);
			await new Promise((resolve) => setTimeout(resolve, 10 * (5 - index)));
			ended.push(index);
			if (index > 0) throw new Error(`failure of ${index}`);
		});
		await expect(done).rejects.toThrow('failure of 2');
		expect(begun).toEqual([0, 1, 2]);
		expect(ended).toEqual([2, 1, 0]);
	});

	it('waits between batches where that is asked for', async () => {
		const begun: number[] = [];
		await sideBySide(5, { atATime: 2, intervalMs: 60 }, async () => {
			begun.push(performance.now());
		});
		const gaps = begun.slice(1).map((at, index) => at - begun[index]! > 50);
		expect(gaps).toEqual([false, true, false, true]);
	});

	it('begins with as many as a batch has where there are batches', async () => {
		const begun: number[] = [];
		const stopping = new AbortController();
		const pace = { atATime: 2, intervalMs: 60_000, signal: stopping.signal };
		const done = sideBySide(6, pace, async (index) => void begun.push(index));
		await new Promise((resolve) => setTimeout(resolve, 20));
		expect(begun).toEqual([0, 1]);
		stopping.abort();
		await expect(done).rejects.toThrow('The execution was stopped');
	});

	it('does not wait after the last batch', async () => {
		const before = performance.now();
		await sideBySide(2, { atATime: 2, intervalMs: 60_000 }, async () => {});
		expect(performance.now() - before).toBeLessThan(30_000);
	});

	it('stops waiting when the execution is stopped', async () => {
		const stopping = new AbortController();
		const pace = { atATime: 1, intervalMs: 60_000, signal: stopping.signal };
		const done = sideBySide(2, pace, async () => stopping.abort());
		await expect(done).rejects.toThrow('The execution was stopped');
	});
});
