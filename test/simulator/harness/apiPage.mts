import { readFileSync } from 'node:fs';

const page = readFileSync('docs/mindpeeker-api.md', 'utf8');

/** The rows of the first table after a text of the page, as their cells; without the head. */
export function tableAfter(text: string): string[][] {
	const [, ...lines] = after(text).slice(after(text).search(/^\|/m)).split('\n');
	const end = lines.findIndex((line) => !line.startsWith('|'));
	return lines.slice(1, end).map((line) =>
		line
			.slice(1, -1)
			.split('|')
			.map((cell) => cell.trim()),
	);
}

/** The first block of JSON after a text of the page. */
export function jsonAfter(text: string): unknown {
	const [, json = ''] = /```json\n([^]*?)```/.exec(after(text)) ?? [];
	return JSON.parse(json);
}

/** The texts that a cell shows as code. */
export function codesOf(cell = ''): string[] {
	return [...cell.matchAll(/`([^`]*)`/g)].map(([, code = '']) => code);
}

function after(text: string): string {
	const at = page.indexOf(text);
	if (at < 0) throw new Error(`The page has no "${text}".`);
	return page.slice(at + text.length);
}
