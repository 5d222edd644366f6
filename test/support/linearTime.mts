import { expect } from '@jest/globals';

const FACTOR = 32;
const RUNS = 3;

/** Expects linear instead of quadratic time. Compares CPU times, so other processes do not matter. */
export function expectLinearTime(run: (size: number) => void, size: number): void {
	const [small, large] = [size, size * FACTOR].map((currentSize) => {
		const times = Array.from({ length: RUNS }, () => {
			const start = process.cpuUsage();
			run(currentSize);
			const { user, system } = process.cpuUsage(start);
			return user + system;
		});
		return Math.min(...times);
	}) as [number, number];
	expect(large / small).toBeLessThan(FACTOR ** 1.7);
}
