import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

/**
 * Lets the nodes run in n8n-core and n8n-workflow as installed in a folder. Both are taken as CommonJS:
 * with the ESM build of n8n-workflow, the nodes' error classes would be none that n8n-core recognises.
 */
export const asCommonJs = (folder: () => Promise<string>) => ({
	name: 'n8n',
	enforce: 'pre' as const,
	async resolveId(id: string) {
		if (id !== 'n8n-core' && id !== 'n8n-workflow') return null;
		return createRequire(resolve(await folder(), 'package.json')).resolve(id);
	},
});

/** The version of n8n-core that a package.json asks for. */
export const n8nCoreOf = (manifest: string) =>
	(/"n8n-core": "(.+)"/.exec(readFileSync(manifest, 'utf8')) ?? [])[1];
