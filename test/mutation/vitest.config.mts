import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

import { asCommonJs, n8nCoreOf } from '../support/n8nForTests.mts';

const root = resolve(import.meta.dirname, '../..');

/** The tests that are quick enough to be run for each mutant. */
export default defineConfig({
	root,
	plugins: [asCommonJs(async () => root)],
	test: {
		include: ['test/unit/**/*.test.mts', 'test/contexts/**/*.test.mts'],
		exclude: [
			'test/unit/{readme,docs,workflows}.test.mts',
			'test/contexts/overdue.test.mts',
			'test/contexts/node/rateLimit.test.mts',
		],
		setupFiles: ['test/contexts/harness/userFolder.mts'],
		provide: { n8nCore: n8nCoreOf(resolve(root, 'package.json')) },
	},
});
