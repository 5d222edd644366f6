const { TestEnvironment } = require('jest-environment-node');

module.exports = class extends TestEnvironment {
	timeouts = new Set();

	async setup() {
		await super.setup();
		const { setTimeout } = this.global;
		const trackedSetTimeout = (...args) => {
			const timeout = setTimeout(...args);
			this.timeouts.add(timeout);
			return timeout;
		};
		this.global.setTimeout = Object.defineProperties(
			trackedSetTimeout,
			Object.getOwnPropertyDescriptors(setTimeout),
		);
	}

	/** Sets `globalThis.currentTest` to the running test, so that hooks can see whether it has failed. */
	handleTestEvent({ name, test }) {
		if (name === 'test_start') this.global.currentTest = test;
	}

	/** Clears timeouts such as that of the log summary. They would keep the worker process alive. */
	async teardown() {
		for (const timeout of this.timeouts) clearTimeout(timeout);
		await super.teardown();
	}
};
