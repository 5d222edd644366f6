import { expect, it } from '@jest/globals';

import { FENCES, PAGES, read } from './harness/fences.mts';

/** What the files beside this one try. Whoever adds a kind adds what tries it. */
const TRIED = ['bash', 'json', 'nginx', 'text'];

it('every block of code in the documentation is of a kind that a test tries', () => {
	const untried = FENCES.filter(({ language }) => !TRIED.includes(language));
	expect(untried.map(({ where, language }) => `${where} ${language}`)).toEqual([]);
});

it('no block is overlooked', () => {
	const fences = PAGES.map((page) => read(page).match(/^\s*(```|~~~)/gm)?.length ?? 0);
	expect(fences.reduce((sum, count) => sum + count, 0)).toBe(2 * FENCES.length);
});
