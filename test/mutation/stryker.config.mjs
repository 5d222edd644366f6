/** What decides without n8n, and is held by the unit tests alone. */
const MUTATED = [
	'nodes/shared/{address,answerBody,event,nesting,retry,signature}.ts',
	'nodes/shared/registration/{plan,secret}.ts',
	'nodes/MindPeekerTrigger/deduplication/{atRisk,gather,ledger}.ts',
	'nodes/MindPeekerTrigger/reception/{allowedAddresses,details,filters,receive,whenAnswered}.ts',
	'nodes/MindPeekerTrigger/registration/state.ts',
];

/** @type {import('@stryker-mutator/core').PartialStrykerOptions} */
export default {
	testRunner: 'vitest',
	vitest: { configFile: 'test/mutation/vitest.config.mts', related: false },
	plugins: ['@stryker-mutator/vitest-runner'],
	mutate: MUTATED,
	coverageAnalysis: 'perTest',
	concurrency: 2,
	tempDirName: 'coverage/stryker',
	reporters: ['progress', 'json'],
	jsonReporter: { fileName: 'coverage/mutation.json' },
};
