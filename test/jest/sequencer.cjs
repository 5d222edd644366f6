const { default: Sequencer } = require('@jest/test-sequencer');

/** The projects with the slowest test files. The browser has ended before queue mode starts, because both need memory. */
const SLOW = ['editor', 'chaos', 'queue', 'e2e', 'lab'];
const FAST_FILES_PER_SLOW_FILE = 6;

/** Mixes slow and fast test files, so that n8n runs only a few times at once and no slow file runs last. */
module.exports = class extends Sequencer {
	sort(tests) {
		const rank = ({ context }) => SLOW.indexOf(context.config.displayName?.name);
		const sorted = super.sort(tests);
		const slow = sorted.filter((test) => rank(test) >= 0).sort((a, b) => rank(a) - rank(b));
		const fast = sorted.filter((test) => rank(test) < 0);
		const mixed = slow.flatMap((test) => [test, ...fast.splice(0, FAST_FILES_PER_SLOW_FILE)]);
		return [...mixed, ...fast];
	}
};
