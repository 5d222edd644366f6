import { expect, it } from '@jest/globals';

import { CODE_BLOCKS, PAGES, readPage } from './harness/pages.mts';

/** Each language has a test file in this folder. */
const TESTED_LANGUAGES = ['bash', 'json', 'nginx', 'text'];

it('every code block of the documentation has a language that a test covers', () => {
	const untested = CODE_BLOCKS.filter(({ language }) => !TESTED_LANGUAGES.includes(language));
	expect(untested.map(({ location, language }) => `${location} ${language}`)).toEqual([]);
});

it('finds every code block', () => {
	const fences = PAGES.map((page) => readPage(page).match(/^\s*(```|~~~)/gm)?.length ?? 0);
	expect(fences.reduce((sum, count) => sum + count, 0)).toBe(2 * CODE_BLOCKS.length);
});
