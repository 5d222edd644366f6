import { defineConfig } from 'vitest/config';
import { installN8n, installOldest, N8N_VERSION } from './lab/index.mts';
import { asCommonJs, n8nCoreOf } from './test/support/n8nForTests.mts';

const own = async () => process.env.N8N_HOST ?? import.meta.dirname;
const project = (name: string, include: string, options: object = {}, host = own) => ({
	extends: true as const,
	plugins: [asCommonJs(host)],
	test: {
		// Most of what the tests do is wait for answers, retries and processes.
		maxWorkers: 4,
		testTimeout: 30_000,
		hookTimeout: 60_000,
		// Nothing is late that comes within this; a machine may be busy.
		expect: { poll: { timeout: 10_000 } },
		name,
		include: [include],
		...options,
	},
});

/** What n8n itself has a part in; all other tests of the contexts are about decisions of the nodes. */
const WITH_N8N =
	'test/contexts/{host,acknowledge,connection,durableRecord,hostileService,intermediaries,overdue,reception,registration,node/{beforeItems,credentialOfItem,event,execution,operations,retryOnFail,tool}}.test.mts';
const inContexts = (n8nCore: string | undefined, setUp: string[] = []) => ({
	setupFiles: ['test/contexts/harness/userFolder.mts'],
	globalSetup: setUp,
	provide: { n8nCore },
});

export default defineConfig({
	test: {
		coverage: {
			provider: 'istanbul',
			include: ['credentials/**/*.ts', 'nodes/**/*.ts'],
			reporter: [['text', { skipFull: true }]],
			thresholds: { branches: 100 },
		},
		projects: [
			project('unit', 'test/unit/**/*.test.mts'),
			project('package', 'test/package/**/*.test.mts', {
				testTimeout: 60_000,
				hookTimeout: 60_000,
				// One of n8n's lint rules takes every file for its own fixture where this says "test".
				env: { NODE_ENV: 'production' },
			}),
			project('simulator', 'test/simulator/**/*.test.mts'),
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
			}),
			project('editor', 'test/editor/**/*.test.mts', {
				globalSetup: 'test/editor/harness/stage.mts',
				testTimeout: 300_000,
				hookTimeout: 600_000,
				maxWorkers: 2,
			}),
			project('campaign', 'test/campaign/**/*.test.mts', {
				testTimeout: 300_000,
				hookTimeout: 900_000,
			}),
			project('queue', 'test/queue/**/*.test.mts', {
				testTimeout: 300_000,
				hookTimeout: 900_000,
				fileParallelism: false,
			}),
			project('fuzz', 'test/fuzz/**/*.test.mts'),
		],
	},
});
