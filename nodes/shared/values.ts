import type { IDataObject } from 'n8n-workflow';

export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;

export interface JsonObject {
	[key: string]: JsonValue;
}

/** n8n cannot store values that are nested thousands of levels deep. */
const MAX_DEPTH = 100;

const IN_BRACKETS = /^\[([^]*)\]$/;
const IN_QUOTES = /^(["'`])([^]*)\1$/;
// URLs may contain commas and semicolons. One separates two URLs only if a space, a quote or a scheme follows.
const BETWEEN_URLS = /[\r\n]+|[,;](?=\s|$|["'`]|[a-z][a-z\d+.-]*:\/\/)/i;
const SEPARATOR = /[,;]/;
/** Language models put JSON into a fenced code block. */
const CODE_FENCE = /^```\w*\s*([^]*?)\s*```$/;
const DATA_URL = /^data:/i;
/** The start of a list or a text in JSON. */
const STARTS_JSON = /^[["]/;

/** Whether a value is null, undefined, white space, or a list of such values. */
export function isBlank(value: unknown): boolean {
	if (Array.isArray(value)) return value.every(isBlank);
	return value === undefined || value === null || (typeof value === 'string' && !value.trim());
}

/** Whether a JSON value is an object, not a list or null. */
export function isObject<T extends object = IDataObject>(value: unknown): value is T {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isNonEmptyString(value: unknown): value is string {
	return typeof value === 'string' && value !== '';
}

/** Reads a number or numeric string. Returns NaN for anything else, including null, '' and true. */
export function toNumber(value: unknown): number {
	const isText = typeof value === 'string' && value.trim() !== '';
	return isText || typeof value === 'number' ? Number(value) : NaN;
}

/** Reads a boolean or the string "true" or "false". Returns undefined for anything else. */
export function parseBoolean(value: unknown): boolean | undefined {
	const text = typeof value === 'string' ? value.trim().toLowerCase() : value;
	if (text === 'true' || text === true) return true;
	return text === 'false' || text === false ? false : undefined;
}

/** Parses JSON. Returns undefined if the text is not JSON. */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** Whether a JSON value has more than 100 levels. Iterative, because recursion could overflow the stack. */
export function isNestedTooDeeply(value: JsonValue): boolean {
	let level = [value].filter(isContainer);
	for (let depth = 1; level.length > 0; depth++) {
		if (depth > MAX_DEPTH) return true;
		level = level.flatMap((container): JsonValue[] => Object.values(container)).filter(isContainer);
	}
	return false;
}

function isContainer(value: JsonValue): value is JsonObject | JsonValue[] {
	return typeof value === 'object' && value !== null;
}

/**
 * Reads a list and drops blank entries. Expressions and AI agents may return a list as one string. That string can be
 * JSON, a bracketed list, or entries separated by commas, semicolons or newlines. Entries of a list with several
 * entries are not split.
 */
export function toList(value: unknown): unknown[] {
	const entries = Array.isArray(value) ? value.flat(Infinity) : [value];
	const list = entries.flatMap((entry) => readEntry(entry, entries.length === 1));
	return list.filter((entry) => !isBlank(entry));
}

function readEntry(entry: unknown, isOnly: boolean): unknown[] {
	if (typeof entry !== 'string') return [entry];
	const text = entry.trim().replace(CODE_FENCE, '$1');
	// The check is quicker than an error of JSON.parse, which has a stack trace.
	const parsed = STARTS_JSON.test(text) ? parseJson(text) : undefined;
	if (Array.isArray(parsed)) return parsed.flat(Infinity).flatMap((one) => readEntry(one, false));
	if (typeof parsed === 'string') return readEntry(parsed, isOnly);
	const [, inside] = IN_BRACKETS.exec(text) ?? [];
	if (inside !== undefined) return splitText(inside);
	return isOnly && !DATA_URL.test(text) ? splitText(text) : [text];
}

function splitText(text: string): string[] {
	const parts = text.split(BETWEEN_URLS);
	const entries = parts.flatMap((part) => (part.includes('://') ? part : part.split(SEPARATOR)));
	return entries.map((entry) => entry.trim().replace(IN_QUOTES, '$2').trim());
}

/** Whether a text is `.` or `..`. As a segment of a URL, it would change the path. */
export function isDotSegment(text: string): boolean {
	return /^\.{1,2}$/.test(text);
}

export function isHttpUrl(text: string): boolean {
	return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
