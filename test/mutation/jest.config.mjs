import config from '../../jest.config.mjs';

const [unit] = config.projects;

/** The unit tests of the modules that Stryker mutates. */
export default {
	...unit,
	displayName: 'mutation',
	testEnvironment: 'node',
	// Ends a test that waits forever because of a mutant.
	testTimeout: 3_000,
	setupFilesAfterEnv: [],
	testMatch: [
		'<rootDir>/test/unit/{ipAddress,signature,time}.test.mts',
		'<rootDir>/test/unit/api/{retryDelay,retryPolicy}.test.mts',
		'<rootDir>/test/unit/events/event.test.mts',
		'<rootDir>/test/unit/{deduplication,registration,webhook}/*.test.mts',
	],
};
