import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';

import { runConcurrently } from '../../nodes/MindPeeker/execution/execute.ts';

describe('runConcurrently', () => {
	it('returns the results in order, and never exceeds the concurrency', async () => {
		const counts = fc.integer({ min: 0, max: 30 });
		const limits = fc.oneof(fc.integer({ min: 1, max: 10 }), fc.constant(Infinity));
		await fc.assert(
			fc.asyncProperty(fc.scheduler(), counts, limits, async (s, count, concurrency) => {
				let running = 0;
				let maxRunning = 0;
				const options = { concurrency, intervalMs: 0 };
				const results = runConcurrently(count, options, async (index) => {
					maxRunning = Math.max(maxRunning, ++running);
					await s.schedule(Promise.resolve());
					running--;
					return index;
				});
				const indexes = Array.from({ length: count }, (_, index) => index);
				expect(await s.waitFor(results)).toEqual(indexes);
				expect(maxRunning).toBe(Math.min(count, concurrency));
			}),
		);
	});

	it('throws the first error when all running tasks have ended, and starts no further task', async () => {
		const started: number[] = [];
		const ended: number[] = [];
		const results = runConcurrently(10, { concurrency: 3, intervalMs: 0 }, async (index) => {
			started.push(index);
			await new Promise((resolve) => setTimeout(resolve, 10 * (5 - index)));
			ended.push(index);
			if (index > 0) throw new Error(`error of ${index}`);
		});
		await expect(results).rejects.toThrow('error of 2');
		expect(started).toEqual([0, 1, 2]);
		expect(ended).toEqual([2, 1, 0]);
	});

	it('waits between batches', async () => {
		const startTimes: number[] = [];
		await runConcurrently(5, { concurrency: 2, intervalMs: 60 }, async () => {
			startTimes.push(performance.now());
		});
		const hasWaited = startTimes.slice(1).map((time, index) => time - startTimes[index]! > 50);
		expect(hasWaited).toEqual([false, true, false, true]);
	});

	it('starts one batch at a time', async () => {
		const started: number[] = [];
		const controller = new AbortController();
		const options = { concurrency: 2, intervalMs: 60_000, signal: controller.signal };
		const results = runConcurrently(6, options, async (index) => void started.push(index));
		await new Promise((resolve) => setTimeout(resolve, 20));
		expect(started).toEqual([0, 1]);
		controller.abort();
		await expect(results).rejects.toThrow('The execution was stopped');
	});

	it('does not wait after the last batch', async () => {
		const before = performance.now();
		await runConcurrently(2, { concurrency: 2, intervalMs: 60_000 }, async () => {});
		expect(performance.now() - before).toBeLessThan(30_000);
	});

	it('stops waiting when the execution is stopped', async () => {
		const controller = new AbortController();
		const options = { concurrency: 1, intervalMs: 60_000, signal: controller.signal };
		const results = runConcurrently(2, options, async () => controller.abort());
		await expect(results).rejects.toThrow('The execution was stopped');
	});
});
