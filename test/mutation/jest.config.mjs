import config from '../../jest.config.mjs';

const [unit] = config.projects;

/** The tests about the modules that are mutated. */
export default {
	...unit,
	displayName: 'mutation',
	testEnvironment: 'node',
	testMatch: [
		'<rootDir>/test/unit/{address,event,retries,retryDelay,signature,time}.test.mts',
		'<rootDir>/test/unit/{deduplication,reception,registration}/*.test.mts',
	],
};
