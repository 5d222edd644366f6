/** @type {import('@stryker-mutator/core').PartialStrykerOptions} */
export default {
	testRunner: 'jest',
	jest: {
		projectType: 'custom',
		configFile: 'test/mutation/jest.config.mjs',
		enableFindRelatedTests: false,
	},
	plugins: ['@stryker-mutator/jest-runner'],
	// The modules that decide.
	mutate: [
		'nodes/shared/{address,event,retries,retryDelay,signature,time}.ts',
		'nodes/shared/registration/{apply,plan,secret}.ts',
		'nodes/MindPeekerTrigger/reception/{allowedAddresses,batches,filters,judge,verdict}.ts',
		'nodes/MindPeekerTrigger/deduplication/{atRisk,gather,ledger,recorder}.ts',
	],
	coverageAnalysis: 'perTest',
	concurrency: 2,
	// A mutant that never ends counts as noticed; a test that is slow because the machine is busy must not.
	timeoutMS: 60_000,
	tempDirName: '.stryker/sandboxes',
	jsonReporter: { fileName: '.stryker/report.json' },
	reporters: ['progress', 'json'],
};
