import { describe, expect, it } from '@jest/globals';

import { PAGES, removeCodeBlocks } from './harness/pages.mts';
import { SCREEN_TEXTS } from './harness/screens.mts';

const MAX_WORDS = 30;
const MAX_DESCRIPTION_LENGTH = 250;

/** Sentences with more than {@link MAX_WORDS} words. */
function findLongSentences(text: string): string[] {
	return text
		.split(/(?<=[.!?:;])\s+|\n\s*\n/)
		.filter((sentence) => countWords(sentence) > MAX_WORDS)
		.map((sentence) => sentence.replaceAll(/\s+/g, ' ').trim());
}

function countWords(sentence: string): number {
	return sentence.split(/\s+/).filter((word) => /[a-z]/i.test(word)).length;
}

/** Ends each table cell, heading and list item like a sentence, and drops comments. */
function separateBlocks(markdown: string): string {
	return markdown
		.replaceAll(/<!--[^]*?-->/g, '')
		.replaceAll(/^\s*\|.*$/gm, (row) => row.replaceAll('|', '.\n\n'))
		.replaceAll(/^#+ .*$/gm, '$&\n\n')
		.replaceAll(/^\s*(?:[-*]|\d+\.) /gm, '\n\n$&');
}

it.each(PAGES)(`%s has no sentence with more than ${MAX_WORDS} words`, (page) => {
	expect(findLongSentences(separateBlocks(removeCodeBlocks(page)))).toEqual([]);
});

describe('the texts of the nodes and the credential', () => {
	it(`have no sentence with more than ${MAX_WORDS} words`, () => {
		const long = SCREEN_TEXTS.flatMap(({ location, text }) =>
			findLongSentences(text).map((sentence) => `${location}: ${sentence}`),
		);
		expect(long).toEqual([]);
	});

	it(`have no description with more than ${MAX_DESCRIPTION_LENGTH} characters`, () => {
		const long = SCREEN_TEXTS.filter(
			({ key, text }) => key === 'description' && text.length > MAX_DESCRIPTION_LENGTH,
		);
		expect(long).toEqual([]);
	});
});
