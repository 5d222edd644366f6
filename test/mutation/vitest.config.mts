import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

import { asCommonJs } from '../support/n8nForTests.mts';

const root = resolve(import.meta.dirname, '../..');

/** The tests that are quick enough to be run for each mutant. */
export default defineConfig({
	root,
	plugins: [asCommonJs(async () => root)],
	test: {
		testTimeout: 30_000,
		include: ['test/unit/**/*.test.mts'],
		exclude: [
			'test/unit/{docs,readme,workflows}.test.mts',
			'test/unit/registration/model.test.mts',
		],
	},
});
