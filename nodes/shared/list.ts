import { isBlank } from './blank';
import { parseJson } from './json';

const IN_BRACKETS = /^\[([^]*)\]$/;
const IN_QUOTES = /^(["'`])([^]*)\1$/;
/** A comma or semicolon also occurs inside a URL; it separates two URLs if a space, a quote or a scheme follows. */
const BETWEEN_URLS = /[\r\n]+|[,;](?=\s|$|["'`]|[a-z][a-z\d+.-]*:\/\/)/i;
const SEPARATOR = /[,;]/;

/**
 * The entries of a list, without blank ones. An expression or an AI agent may return the list as one text: JSON, also
 * with single quotes, or entries separated by commas, semicolons or newlines. Entries that are no text stay as they are.
 */
export function toList(value: unknown): unknown[] {
	const entries = Array.isArray(value) ? value.flat(Infinity) : [value];
	return entries
		.flatMap((entry) => (typeof entry === 'string' ? split(entry.trim()) : entry))
		.filter(isGiven);
}

function split(text: string): unknown[] {
	const [, inside] = IN_BRACKETS.exec(text) ?? [];
	if (inside === undefined) return splitText(text);
	const parsed = parseJson(text);
	return Array.isArray(parsed) ? toList(parsed) : splitText(inside);
}

function splitText(text: string): string[] {
	const parts = text.split(BETWEEN_URLS);
	const entries = parts.flatMap((part) => (part.includes('://') ? part : part.split(SEPARATOR)));
	return entries.map((entry) => entry.trim().replace(IN_QUOTES, '$2').trim());
}

function isGiven(entry: unknown): boolean {
	return !isBlank(entry);
}
