import type { JsonObject, JsonValue } from './events';
import { isObject } from './isObject';

/** The envelope that MindPeeker delivers; fields that it may add later are kept. */
export interface MindPeekerEvent extends JsonObject {
	id: string;
	type: string;
}

/** What stands where an event should be. */
export type EventFault =
	| 'not UTF-8'
	| 'not JSON'
	| 'not an object'
	| 'nested too deeply'
	| 'no usable id'
	| 'no usable type'
	| 'data is not an object';

const MAX_NAME_LENGTH = 256;
const MAX_DEPTH = 100;

// Fatal: an event whose bytes are not UTF-8 would otherwise reach the workflow altered.
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Reads an event from the bytes that were verified. */
export function parseEvent(body: Buffer): { event: MindPeekerEvent } | { fault: EventFault } {
	const text = decode(body);
	if (text === undefined) return { fault: 'not UTF-8' };
	const value = parseJson(text);
	if (value === undefined) return { fault: 'not JSON' };
	if (!isObject<JsonObject>(value)) return { fault: 'not an object' };
	if (isNestedDeeperThan(MAX_DEPTH, value)) return { fault: 'nested too deeply' };
	if (!isName(value.id)) return { fault: 'no usable id' };
	if (!isName(value.type)) return { fault: 'no usable type' };
	if (value.data !== undefined && !isObject<JsonObject>(value.data))
		return { fault: 'data is not an object' };
	return { event: value as MindPeekerEvent };
}

function decode(body: Buffer): string | undefined {
	try {
		return utf8.decode(body);
	} catch {
		return undefined;
	}
}

function parseJson(text: string): JsonValue | undefined {
	try {
		return JSON.parse(text) as JsonValue;
	} catch {
		return undefined;
	}
}

function isName(value: JsonValue | undefined): value is string {
	return typeof value === 'string' && value.length > 0 && value.length <= MAX_NAME_LENGTH;
}

/** Level by level instead of by recursion, which a deep enough value would bring down. */
function isNestedDeeperThan(limit: number, value: JsonValue): boolean {
	let level: JsonValue[] = [value];
	for (let depth = 1; level.length > 0; depth++) {
		if (depth > limit) return true;
		level = level.flatMap((entry) =>
			typeof entry === 'object' && entry !== null
				? Object.values(entry).filter((child) => typeof child === 'object' && child !== null)
				: [],
		);
	}
	return false;
}
