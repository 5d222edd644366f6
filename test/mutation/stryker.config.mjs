/** @type {import('@stryker-mutator/core').PartialStrykerOptions} */
export default {
	testRunner: 'jest',
	jest: {
		projectType: 'custom',
		configFile: 'test/mutation/jest.config.mjs',
		enableFindRelatedTests: false,
	},
	plugins: ['@stryker-mutator/jest-runner'],
	// Modules with decisions rather than input and output.
	mutate: [
		'nodes/shared/{ipAddress,signature,time}.ts',
		'nodes/shared/api/{retryDelay,retryPolicy}.ts',
		'nodes/shared/events/event.ts',
		'nodes/shared/registration/{apply,plan,secret}.ts',
		'nodes/MindPeekerTrigger/webhook/{acceptEvent,batcher,filters,ipAllowlist,verifyRequest}.ts',
		'nodes/MindPeekerTrigger/deduplication/{processedEventStore,seenEvents}.ts',
	],
	coverageAnalysis: 'perTest',
	concurrency: 3,
	// The first run of all tests would otherwise use more than 2 GB in each of the three processes.
	testRunnerNodeArgs: ['--max-old-space-size=1400'],
	// For endless loops. A timeout counts as a detected mutant, so it is far above what the tests take.
	timeoutMS: 10_000,
	tempDirName: '.stryker',
	reporters: ['progress', 'clear-text'],
	clearTextReporter: { logTests: false, reportTests: false },
	thresholds: { high: 100, low: 97, break: 97 },
};
