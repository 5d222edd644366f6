import fc from 'fast-check';
import { it } from '@jest/globals';

/** The duration of each test. */
const SECONDS = Number(process.env.FUZZ_SECONDS ?? 300);

/** Checks a property with generated values until the time is up. Shows the smallest value that breaks it. */
export function fuzz<T>(
	name: string,
	values: fc.Arbitrary<T>,
	check: (value: T) => void | Promise<void>,
): void {
	it(
		name,
		async () => {
			let runs = 0;
			await fc.assert(
				fc.asyncProperty(values, async (value) => {
					runs++;
					await check(value);
				}),
				{
					numRuns: Number.MAX_SAFE_INTEGER,
					interruptAfterTimeLimit: SECONDS * 1_000,
					markInterruptAsFailure: false,
					...(process.env.FUZZ_SEED && { seed: Number(process.env.FUZZ_SEED) }),
				},
			);
			console.log(`${name}: ${runs} runs in ${SECONDS} s`);
		},
		SECONDS * 1_000 + 60_000,
	);
}
