import { isBlank } from './blank';
import { parseJson } from './json';

const IN_BRACKETS = /^\[([^]*)\]$/;
const IN_QUOTES = /^(["'`])([^]*)\1$/;
/** A comma or semicolon also occurs inside a URL; it separates two URLs if a space, a quote or a scheme follows. */
const BETWEEN_URLS = /[\r\n]+|[,;](?=\s|$|["'`]|[a-z][a-z\d+.-]*:\/\/)/i;
const SEPARATOR = /[,;]/;

/** What models put around JSON. */
const IN_FENCE = /^```\w*\s*([^]*?)\s*```$/;
const DATA_URL = /^data:/i;

/**
 * The entries of a list, without blank ones. An expression or an AI agent may return the list as one text: JSON, also
 * with single quotes, or entries separated by commas, semicolons or newlines. Entries of several are not split.
 */
export function toList(value: unknown): unknown[] {
	const entries = Array.isArray(value) ? value.flat(Infinity) : [value];
	return entries.flatMap((entry) => read(entry, entries.length === 1)).filter(isGiven);
}

function read(entry: unknown, isOnly: boolean): unknown[] {
	if (typeof entry !== 'string') return [entry];
	const text = entry.trim().replace(IN_FENCE, '$1');
	const parsed = parseJson(text);
	if (Array.isArray(parsed)) return parsed.flat(Infinity).flatMap((one) => read(one, false));
	if (typeof parsed === 'string') return read(parsed, isOnly);
	const [, inside] = IN_BRACKETS.exec(text) ?? [];
	if (inside !== undefined) return splitText(inside);
	return isOnly && !DATA_URL.test(text) ? splitText(text) : [text];
}

function splitText(text: string): string[] {
	const parts = text.split(BETWEEN_URLS);
	const entries = parts.flatMap((part) => (part.includes('://') ? part : part.split(SEPARATOR)));
	return entries.map((entry) => entry.trim().replace(IN_QUOTES, '$2').trim());
}

function isGiven(entry: unknown): boolean {
	return !isBlank(entry);
}
