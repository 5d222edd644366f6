import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import { installN8n, installOldest, N8N_VERSION } from './lab/index.mts';

/**
 * Lets the nodes run in n8n-core and n8n-workflow as installed in a folder. Both are taken as CommonJS:
 * with the ESM build of n8n-workflow, the nodes' error classes would be none that n8n-core recognises.
 */
const n8nIn = (folder: () => Promise<string>) => ({
	name: 'n8n',
	enforce: 'pre' as const,
	async resolveId(id: string) {
		if (id !== 'n8n-core' && id !== 'n8n-workflow') return null;
		return createRequire(resolve(await folder(), 'package.json')).resolve(id);
	},
});

const own = async () => process.env.N8N_HOST ?? import.meta.dirname;
const project = (name: string, include: string, options: object = {}, host = own) => ({
	extends: true as const,
	plugins: [n8nIn(host)],
	test: { name, include: [include], ...options },
});

/** What n8n itself has a part in; all other tests of the contexts are about decisions of the nodes. */
const WITH_N8N =
	'test/contexts/{host,acknowledge,durableRecord,reception,registration,node/{event,execution,operations}}.test.mts';
const inContexts = (n8nCore: string | undefined, setUp: string[] = []) => ({
	setupFiles: ['test/contexts/harness/userFolder.mts'],
	globalSetup: setUp,
	provide: { n8nCore },
});
const n8nCoreOf = (manifest: string) =>
	(/"n8n-core": "(.+)"/.exec(readFileSync(manifest, 'utf8')) ?? [])[1];

export default defineConfig({
	test: {
		projects: [
			project('unit', 'test/unit/**/*.test.mts'),
			project('package', 'test/package/**/*.test.mts', {
				testTimeout: 60_000,
				hookTimeout: 60_000,
				// One of n8n's lint rules takes every file for its own fixture where this says "test".
				env: { NODE_ENV: 'production' },
			}),
			project('simulator', 'test/simulator/**/*.test.mts', { testTimeout: 30_000 }),
			project('contexts', 'test/contexts/**/*.test.mts', inContexts(n8nCoreOf('package.json'))),
			project(
				'oldest',
				WITH_N8N,
				inContexts(n8nCoreOf('lab/oldest/package.json'), ['test/contexts/harness/oldest.mts']),
				installOldest,
			),
			project(
				'newest',
				WITH_N8N,
				inContexts(N8N_VERSION, ['test/contexts/harness/newest.mts']),
				async () => (await installN8n()).directory,
			),
			project('docs', 'test/docs/**/*.test.mts', {
				...inContexts(undefined, ['test/contexts/harness/newest.mts']),
				testTimeout: 60_000,
				hookTimeout: 60_000,
			}),
			project('lab', 'test/lab/**/*.test.mts', { testTimeout: 120_000, fileParallelism: false }),
			project('e2e', 'test/e2e/**/*.test.mts', {
				testTimeout: 120_000,
				hookTimeout: 600_000,
				fileParallelism: false,
			}),
			project('editor', 'test/editor/**/*.test.mts', {
				globalSetup: 'test/editor/harness/stage.mts',
				testTimeout: 300_000,
				hookTimeout: 600_000,
				fileParallelism: false,
			}),
			project('campaign', 'test/campaign/**/*.test.mts', {
				testTimeout: 300_000,
				hookTimeout: 900_000,
				fileParallelism: false,
			}),
			project('queue', 'test/queue/**/*.test.mts', {
				testTimeout: 300_000,
				hookTimeout: 900_000,
				fileParallelism: false,
			}),
		],
	},
});
