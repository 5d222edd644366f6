import { expect } from '@jest/globals';

const FACTOR = 8;
const RUNS = 7;

/**
 * Expects that the time grows with the size, not with its square. It compares the processor's time
 * for two sizes, so that the speed of the machine and other programs do not matter.
 */
export function expectLinearTime(run: (size: number) => void, size: number): void {
	const [small, large] = [size, size * FACTOR].map((each) => {
		const times = Array.from({ length: RUNS }, () => {
			const start = process.cpuUsage();
			run(each);
			const { user, system } = process.cpuUsage(start);
			return user + system;
		});
		return Math.min(...times);
	}) as [number, number];
	expect(large / small).toBeLessThan(FACTOR ** 1.7);
}
