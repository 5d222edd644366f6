const { default: Sequencer } = require('@jest/test-sequencer');

/** The projects with the longest files, the longest first. Each file starts an n8n. */
const LONG = ['chaos', 'queue', 'editor', 'e2e', 'lab'];
/** How many short files follow each long one. */
const SHORT_ONES = 6;

/** Mixes long files and short ones, so that not all n8n run at once and no long file is the last. */
module.exports = class extends Sequencer {
	sort(tests) {
		const rank = ({ context }) => LONG.indexOf(context.config.displayName?.name);
		const sorted = super.sort(tests);
		const long = sorted.filter((test) => rank(test) >= 0).sort((a, b) => rank(a) - rank(b));
		const short = sorted.filter((test) => rank(test) < 0);
		const mixed = long.flatMap((test) => [test, ...short.splice(0, SHORT_ONES)]);
		return [...mixed, ...short];
	}
};
