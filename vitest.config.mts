import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

// n8n-core is CommonJS; without this the nodes would get the ESM build of n8n-workflow, whose error
// classes n8n-core does not recognise.
const n8nWorkflow = createRequire(import.meta.url).resolve('n8n-workflow');

const project = (name: string, include: string, options: object = {}) => ({
	extends: true as const,
	test: { name, include: [include], ...options },
});

export default defineConfig({
	resolve: { alias: { 'n8n-workflow': n8nWorkflow } },
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
			project('contexts', 'test/contexts/**/*.test.mts', {
				setupFiles: ['test/contexts/harness/userFolder.mts'],
			}),
			project('lab', 'test/lab/**/*.test.mts', { testTimeout: 120_000, fileParallelism: false }),
			project('e2e', 'test/e2e/**/*.test.mts', {
				testTimeout: 120_000,
				hookTimeout: 600_000,
				fileParallelism: false,
			}),
			project('editor', 'test/editor/**/*.test.mts', {
				globalSetup: 'test/editor/harness/stage.mts',
				testTimeout: 120_000,
				hookTimeout: 600_000,
				fileParallelism: false,
			}),
			project('campaign', 'test/campaign/**/*.test.mts', {
				testTimeout: 300_000,
				hookTimeout: 900_000,
				fileParallelism: false,
			}),
		],
	},
});
