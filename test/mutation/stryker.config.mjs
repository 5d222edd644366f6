import { fileURLToPath } from 'node:url';

/** What decides and acts; lists of events, words for the log and what only the editor shows are left out. */
const MUTATED = [
	'nodes/shared/*.ts',
	'nodes/shared/registration/*.ts',
	'nodes/MindPeekerTrigger/deduplication/*.ts',
	'nodes/MindPeekerTrigger/reception/*.ts',
	'nodes/MindPeekerTrigger/registration/*.ts',
	'nodes/MindPeeker/execution/*.ts',
	'nodes/MindPeeker/resources/**/*.ts',
];

/** @type {import('@stryker-mutator/core').PartialStrykerOptions} */
export default {
	testRunner: 'vitest',
	vitest: { configFile: 'test/mutation/vitest.config.mts', related: false },
	plugins: [
		'@stryker-mutator/vitest-runner',
		fileURLToPath(new URL('descriptions.mjs', import.meta.url)),
	],
	ignorers: ['descriptions'],
	mutate: MUTATED,
	coverageAnalysis: 'perTest',
	// Most of what a mutant does is wait for what does not come.
	concurrency: 6,
	// As long as a test may take: a machine that is busy for some seconds would pass for a test that noticed something.
	timeoutMS: 30_000,
	tempDirName: '.stryker/sandboxes',
	reporters: ['progress'],
};
