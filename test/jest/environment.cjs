const { TestEnvironment } = require('jest-environment-node');

/** Node, with the running test as `globalThis.currentTest`, so that a hook can see whether it has failed. */
module.exports = class extends TestEnvironment {
	handleTestEvent({ name, test }) {
		if (name === 'test_start') this.global.currentTest = test;
	}
};
