import { tsImport } from 'tsx/esm/api';

/** @type {typeof import('../../lab/index.mts')} */
const { installN8n } = await tsImport('../../lab/index.mts', import.meta.url);

/** Jest's global set-up: an installation takes longer than a test should wait. */
export default async function setUp() {
	await installN8n({ onProgress: console.log });
}
