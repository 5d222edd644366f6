import { installOldest } from '../../../lab/index.mts';

/** Before the tests, which would not wait for as long as an installation takes. */
export async function setup(): Promise<void> {
	await installOldest({ onProgress: console.log });
}
