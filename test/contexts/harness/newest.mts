import { installN8n } from '../../../lab/index.mts';

/** Before the tests, which would not wait for as long as an installation takes. */
export async function setup(): Promise<void> {
	await installN8n({ onProgress: console.log });
}
