import { readFileSync } from 'node:fs';

const page = readFileSync('docs/mindpeeker-api.md', 'utf8');

/** The cells of the first table after a text of docs/mindpeeker-api.md, without its header. */
export function readTableAfter(text: string): string[][] {
	const [, ...lines] = textAfter(text).slice(textAfter(text).search(/^\|/m)).split('\n');
	const end = lines.findIndex((line) => !line.startsWith('|'));
	return lines.slice(1, end).map((line) =>
		line
			.slice(1, -1)
			.split('|')
			.map((cell) => cell.trim()),
	);
}

const UNIT_MS: Record<string, number> = { s: 1_000, min: 60_000, h: 3_600_000 };

/** The documented delay before each attempt. */
export const DOCUMENTED_DELAYS_MS = readTableAfter('attempts within').map(([, delay = '']) => {
	const [amount, unit = ''] = delay.split(' ');
	return Number(amount) * (UNIT_MS[unit] ?? NaN);
});

/** The documented number of attempts, including the first one. */
export const ATTEMPTS = DOCUMENTED_DELAYS_MS.length;

/** The first JSON block after a text of the page. */
export function readJsonAfter(text: string): unknown {
	const [, json = ''] = /```json\n([^]*?)```/.exec(textAfter(text)) ?? [];
	return JSON.parse(json);
}

/** The inline code of a cell. */
export function extractCode(cell = ''): string[] {
	return [...cell.matchAll(/`([^`]*)`/g)].map(([, code = '']) => code);
}

function textAfter(text: string): string {
	const at = page.indexOf(text);
	if (at < 0) throw new Error(`The page has no "${text}".`);
	return page.slice(at + text.length);
}
