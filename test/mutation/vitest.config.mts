import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

import { asCommonJs } from '../support/n8nForTests.mts';

const root = resolve(import.meta.dirname, '../..');

/** The tests that are quick enough to be run for each mutant, in one process, for n8n takes a second to load. */
export default defineConfig({
	root,
	plugins: [asCommonJs(async () => root)],
	test: {
		isolate: false,
		testTimeout: 30_000,
		include: [`test/${process.env.MUTATION_TESTS}.test.mts`],
		exclude: [
			'test/unit/registration/model.test.mts',
			'test/contexts/{host,overdue,node/rateLimit}.test.mts',
		],
		setupFiles: ['test/contexts/harness/userFolder.mts'],
	},
});
