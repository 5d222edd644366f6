const { default: Sequencer } = require('@jest/test-sequencer');

/** The projects whose tests need much memory: a browser, or several processes of n8n. */
const LARGE = ['editor', 'chaos', 'queue'];
/** Other projects that start n8n. */
const SLOW = ['e2e', 'lab'];
const FAST_FILES_PER_SLOW_FILE = 6;

/**
 * Spreads slow files evenly among the fast ones, and large files among the slow ones. So n8n runs only a few times at
 * once, large files rarely run at the same time or during the linter, and none of them runs last.
 */
module.exports = class extends Sequencer {
	sort(tests) {
		const sorted = super.sort(tests);
		const select = (names) => sorted.filter((test) => names.includes(getProject(test)));
		const large = LARGE.flatMap((name) => select([name]));
		const slow = spread(large, select(SLOW));
		const fast = sorted.filter((test) => !slow.includes(test));
		const mixed = slow.flatMap((test) => [test, ...fast.splice(0, FAST_FILES_PER_SLOW_FILE)]);
		return [...mixed, ...fast];
	}
};

function getProject({ context }) {
	return context.config.displayName?.name;
}

/**
 * Inserts `few` into `many` at equal distances, with three distances after the last: the last files of `many` are the
 * shortest.
 */
function spread(few, many) {
	const distance = many.length / (few.length + 3);
	return few.reduceRight(
		(list, item, index) => list.toSpliced(Math.round((index + 1) * distance), 0, item),
		many,
	);
}
