import { readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

import { readPage, removeCodeBlocks } from './harness/pages.mts';

const PAGES_WITH_PATHS = ['CONTRIBUTING.md', 'docs/architecture.md'];
const IGNORED_FOLDERS = ['node_modules', '.git', '.stryker'];
/** Folders that exist only after a build, and names that only look like a path. */
const NOT_IN_REPOSITORY = ['dist/'];
const PATH =
	/^(?:[\w.@*-]+\/)+$|^(?:[\w.@*-]+\/)*[\w.@*-]+\.(?:m?[jt]s|cjs|json|md|yml|svg|png)$|^(?:[\w.@*-]+\/)+[\w.@*-]+$/;

/** All files, and all folders with a slash at the end. */
const entries = list('');

function list(folder: string): string[] {
	return readdirSync(folder || '.', { withFileTypes: true }).flatMap((entry) => {
		if (IGNORED_FOLDERS.includes(entry.name)) return [];
		const path = `${folder}${entry.name}`;
		return entry.isDirectory() ? [`${path}/`, ...list(`${path}/`)] : [path];
	});
}

/** Accepts paths relative to the repository and to any folder, and wildcards such as `<resource>`. */
function exists(path: string): boolean {
	const pattern = path
		.split('*')
		.map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
		.join('[^/]+');
	const matcher = new RegExp(`(?:^|/)${pattern}/?$`);
	return entries.some((entry) => matcher.test(entry));
}

describe.each(PAGES_WITH_PATHS)('%s', (page) => {
	const spans = [...removeCodeBlocks(page).matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
	const paths = spans
		.map((code) => code.replaceAll(/<[^>]+>/g, '*'))
		.filter((code) => PATH.test(code) && !NOT_IN_REPOSITORY.includes(code));

	it('names only paths that exist', () => {
		expect(paths).not.toEqual([]);
		expect(paths.filter((path) => !exists(path))).toEqual([]);
	});
});

it('does not find a path that does not exist', () => {
	expect(exists('nodes/shared/missing.ts')).toBe(false);
	expect(readPage('CONTRIBUTING.md')).not.toBe('');
});
