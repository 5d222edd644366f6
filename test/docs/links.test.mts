import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

import { PAGES, readPage, removeCodeBlocks } from './harness/pages.mts';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
	scripts: Record<string, string>;
};

/** Anchors that GitHub derives from the headings of a page. */
function findAnchors(page: string): string[] {
	return [...removeCodeBlocks(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
		heading
			.toLowerCase()
			.replace(/[^\p{L}\p{N} _-]/gu, '')
			.replaceAll(' ', '-'),
	);
}

describe.each(PAGES)('%s', (page) => {
	it('links only to existing pages and headings', () => {
		const links = [...removeCodeBlocks(page).matchAll(/\]\(([^)\s]+)\)/g)].map(
			([, link = '']) => link,
		);
		const broken = links.filter((link) => {
			if (/^(https?|mailto):/.test(link)) return false;
			const [path = '', anchor] = link.split('#');
			const target = path === '' ? page : join(dirname(page), path);
			if (!existsSync(target)) return true;
			return anchor !== undefined && !findAnchors(target).includes(anchor);
		});
		expect(broken).toEqual([]);
	});

	it('names only existing npm scripts', () => {
		const commands = [...readPage(page).matchAll(/(?:`|^)npm (?:run )?([a-z][\w:]*)/gm)];
		const npmCommands = [
			'install',
			'ci',
			'pack',
			'version',
			'publish',
			'rebuild',
			'view',
			'audit',
			'uninstall',
		];
		const unknown = commands
			.map(([, script = '']) => script)
			.filter((script) => !npmCommands.includes(script) && scripts[script] === undefined);
		expect(unknown).toEqual([]);
	});
});
