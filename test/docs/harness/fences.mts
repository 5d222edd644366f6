import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A fenced block of code on one of the documentation's pages. */
export interface Fence {
	/** Such as `docs/node.md:50`. */
	where: string;
	page: string;
	/** What stands behind the opening fence. */
	language: string;
	text: string;
}

/** The pages that users and contributors read. */
export const PAGES = ['.', 'docs', 'bench', 'workflows']
	.filter((folder) => existsSync(folder))
	.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
	.filter((name) => name.endsWith('.md'));

export const read = (page: string) => readFileSync(page, 'utf8');

/** All blocks, those in a list without its indentation. */
export const FENCES: Fence[] = PAGES.flatMap((page) => {
	const text = read(page);
	return [...text.matchAll(/^([ \t]*)```(\S*)[^\n]*\n([^]*?)^\1```[ \t]*$/gm)].map(
		({ index, 1: indent = '', 2: language = '', 3: body = '' }) => ({
			where: `${page}:${text.slice(0, index).split('\n').length}`,
			page,
			language,
			text: body.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
		}),
	);
});

export const fencesOf = (language: string) => FENCES.filter((fence) => fence.language === language);
