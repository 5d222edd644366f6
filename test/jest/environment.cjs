const { TestEnvironment } = require('jest-environment-node');

module.exports = class extends TestEnvironment {
	timers = new Set();

	async setup() {
		await super.setup();
		for (const name of ['setTimeout', 'setInterval']) {
			const start = this.global[name];
			const startAndRemember = (...args) => {
				const timer = start(...args);
				this.timers.add(timer);
				return timer;
			};
			const properties = Object.getOwnPropertyDescriptors(start);
			this.global[name] = Object.defineProperties(startAndRemember, properties);
		}
	}

	/** Sets `globalThis.currentTest` to the running test, so that hooks can see whether it has failed. */
	handleTestEvent({ name, test }) {
		if (name === 'test_start') this.global.currentTest = test;
	}

	/**
	 * Stops timers such as that of the log summary and those of n8n-core. They would keep the worker process alive, and
	 * all modules of the test file in memory.
	 */
	async teardown() {
		for (const timer of this.timers) clearTimeout(timer);
		await super.teardown();
	}
};
