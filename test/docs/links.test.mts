import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

import { PAGES, read } from './harness/fences.mts';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
	scripts: Record<string, string>;
};
const withoutCode = (page: string) => read(page).replace(/^```[^]*?^```/gm, '');

/** The anchors of a page, as GitHub makes them of its headings. */
function anchorsOf(page: string): string[] {
	return [...withoutCode(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
		heading
			.toLowerCase()
			.replace(/[^\p{L}\p{N} _-]/gu, '')
			.replaceAll(' ', '-'),
	);
}

describe.each(PAGES)('%s', (page) => {
	it('leads to pages and headings that are there', () => {
		const links = [...withoutCode(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
		const broken = links.filter((link) => {
			if (/^(https?|mailto):/.test(link)) return false;
			const [path = '', anchor] = link.split('#');
			const target = path === '' ? page : join(dirname(page), path);
			if (!existsSync(target)) return true;
			return anchor !== undefined && !anchorsOf(target).includes(anchor);
		});
		expect(broken).toEqual([]);
	});

	it('names commands that are there', () => {
		const named = [...read(page).matchAll(/(?:`|^)npm (?:run )?([a-z][\w:]*)/gm)];
		const own = ['install', 'ci', 'pack', 'version', 'publish', 'rebuild'];
		const unknown = named
			.map(([, script = '']) => script)
			.filter((script) => !own.includes(script) && scripts[script] === undefined);
		expect(unknown).toEqual([]);
	});
});
