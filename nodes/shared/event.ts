import type { JsonObject, JsonValue } from './events';
import { isObject } from './isObject';
import { isNestedTooDeeply } from './nesting';
import { parseTime } from './time';

/** The envelope that MindPeeker delivers; fields that it may add later are kept. */
export interface MindPeekerEvent extends JsonObject {
	/** Documented as a string; a whole number identifies an event as well. */
	id: string | number;
	type: string;
}

/** What stands where an event should be. */
export type EventFault =
	| 'not UTF-8'
	| 'not JSON'
	| 'not an object'
	| 'nested too deeply'
	| 'no usable id'
	| 'no usable type';

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
	if (!isName(value.id) && !Number.isSafeInteger(value.id)) return { fault: 'no usable id' };
	if (!isName(value.type)) return { fault: 'no usable type' };
	return { event: value as MindPeekerEvent };
}

/**
 * What differs from the documented envelope, one sentence part each, such as `data is null`. None of it is a reason
 * to refuse a signed event: seven refusals make MindPeeker disable the webhook.
 */
export function findOddities(event: MindPeekerEvent): string[] {
	const { id, created_at: createdAt, data, livemode } = event;
	return [
		...(typeof id === 'string' ? [] : [`id is ${describe(id)}`]),
		...(createdAt === undefined || !Number.isNaN(parseTime(createdAt))
			? []
			: ['created_at is not a time']),
		...(data === undefined || isObject(data) ? [] : [`data is ${describe(data)}`]),
		...(livemode === undefined || typeof livemode === 'boolean'
			? []
			: [`livemode is ${describe(livemode)}`]),
	];
}

function describe(value: JsonValue): string {
	if (value === null) return 'null';
	if (Array.isArray(value)) return 'a list';
	return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
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
