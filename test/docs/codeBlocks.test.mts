import { expect, it } from '@jest/globals';

import { CODE_BLOCKS, PAGES, readPage } from './harness/pages.mts';

/** Each language has a test file in this folder. `dotenv` is in `installation.test.mts`. */
const TESTED_LANGUAGES = ['bash', 'caddy', 'dotenv', 'jq', 'json', 'nginx', 'text'];
/** LogQL needs Grafana Loki. docs/operations.md says that it was not tried. */
const UNTESTED_LANGUAGES = ['logql'];

it('every code block of the documentation has a language that a test covers', () => {
	const known = [...TESTED_LANGUAGES, ...UNTESTED_LANGUAGES];
	const untested = CODE_BLOCKS.filter(({ language }) => !known.includes(language));
	expect(untested.map(({ location, language }) => `${location} ${language}`)).toEqual([]);
});

it('finds every code block', () => {
	const fences = PAGES.map((page) => readPage(page).match(/^\s*(```|~~~)/gm)?.length ?? 0);
	expect(fences.reduce((sum, count) => sum + count, 0)).toBe(2 * CODE_BLOCKS.length);
});
