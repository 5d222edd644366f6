import { tsImport } from 'tsx/esm/api';

/** @type {typeof import('../../dev/lab/index.mts')} */
const { installN8n, N8N_1 } = await tsImport('../../dev/lab/index.mts', import.meta.url);

/** Jest's global setup. An installation takes too long for a test. */
export default async function setUp() {
	await installN8n({ release: N8N_1, onProgress: console.log });
}
