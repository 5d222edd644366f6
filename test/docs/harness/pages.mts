import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A fenced code block of a page. */
export interface CodeBlock {
	/** File and line, such as `docs/node.md:50`. */
	location: string;
	page: string;
	language: string;
	text: string;
}

/** All pages for users and contributors. */
export const PAGES = ['.', 'docs', 'docker', 'dev/benchmarks', 'workflows']
	.filter((folder) => existsSync(folder))
	.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
	.filter((name) => name.endsWith('.md'));

export const readPage = (page: string) => readFileSync(page, 'utf8');

/** Blocks inside lists lose their indentation. */
export const CODE_BLOCKS: CodeBlock[] = PAGES.flatMap((page) => {
	const text = readPage(page);
	return [...text.matchAll(/^([ \t]*)```(\S*)[^\n]*\n([^]*?)^\1```[ \t]*$/gm)].map(
		({ index, 1: indent = '', 2: language = '', 3: body = '' }) => ({
			location: `${page}:${text.slice(0, index).split('\n').length}`,
			page,
			language,
			text: body.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
		}),
	);
});

export const findCodeBlocks = (language: string) =>
	CODE_BLOCKS.filter((block) => block.language === language);

export const removeCodeBlocks = (page: string) =>
	readPage(page).replace(/^[ \t]*```[^]*?^[ \t]*```/gm, '');
