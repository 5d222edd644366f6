const { default: Sequencer } = require('@jest/test-sequencer');

/** The projects with the longest files. */
const FIRST = ['chaos', 'queue', 'editor', 'e2e', 'lab'];

/** Starts with the longest files, so that none of them runs alone at the end. */
module.exports = class extends Sequencer {
	sort(tests) {
		const rank = ({ context }) => {
			const index = FIRST.indexOf(context.config.displayName?.name);
			return index < 0 ? FIRST.length : index;
		};
		return super.sort(tests).sort((one, other) => rank(one) - rank(other));
	}
};
