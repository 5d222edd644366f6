import fc from 'fast-check';
import { it } from '@jest/globals';

/** How long each rule is tried. */
const SECONDS = Number(process.env.FUZZ_SECONDS ?? 300);

/** Tries a rule on whatever is made for it until the time is up; what breaks it is shown as small as it gets. */
export function fuzz<T>(
	rule: string,
	made: fc.Arbitrary<T>,
	holds: (value: T) => void | Promise<void>,
): void {
	it(
		rule,
		async () => {
			let tries = 0;
			await fc.assert(
				fc.asyncProperty(made, async (value) => {
					tries++;
					await holds(value);
				}),
				{
					numRuns: Number.MAX_SAFE_INTEGER,
					interruptAfterTimeLimit: SECONDS * 1_000,
					markInterruptAsFailure: false,
					...(process.env.FUZZ_SEED && { seed: Number(process.env.FUZZ_SEED) }),
				},
			);
			console.log(`${rule}: ${tries} tries in ${SECONDS} s`);
		},
		SECONDS * 1_000 + 60_000,
	);
}
