import type { JsonObject, JsonValue } from './events';
import { isObject } from './isObject';
import { isNestedTooDeeply } from './nesting';

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

// Fatal: an event whose bytes are not UTF-8 would otherwise reach the workflow altered.
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Reads an event from the bytes that were verified. */
export function parseEvent(body: Buffer): { event: MindPeekerEvent } | { fault: EventFault } {
	const text = decode(body);
	if (text === undefined) return { fault: 'not UTF-8' };
	const value = parseJson(text);
	if (value === undefined) return { fault: 'not JSON' };
	if (!isObject<JsonObject>(value)) return { fault: 'not an object' };
	if (isNestedTooDeeply(value)) return { fault: 'nested too deeply' };
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
