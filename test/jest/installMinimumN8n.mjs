import { tsImport } from 'tsx/esm/api';

/** @type {typeof import('../../dev/lab/index.mts')} */
const { installMinimumN8n } = await tsImport('../../dev/lab/index.mts', import.meta.url);

/** Jest's global setup. An installation takes too long for a test. */
export default async function setUp() {
	await installMinimumN8n({ onProgress: console.log });
}
