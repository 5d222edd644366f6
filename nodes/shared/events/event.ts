import { parseTime } from '../time';
import { isNestedTooDeeply, isObject, parseJson, type JsonObject, type JsonValue } from '../values';

/** The envelope of an event. Unknown fields are kept. */
export interface MindPeekerEvent extends JsonObject {
	/** Documented as a string. Integers are also accepted. */
	id: string | number;
	type: string;
}

/** Why a body is not an event. */
export type EventProblem =
	| 'not UTF-8'
	| 'not JSON'
	| 'not an object'
	| 'nested too deeply'
	| 'no usable id'
	| 'no usable type';

const MAX_NAME_LENGTH = 256;

// Fatal, because invalid UTF-8 would otherwise reach the workflow altered.
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Parses an event from the verified bytes. */
export function parseEvent(body: Buffer): { event: MindPeekerEvent } | { problem: EventProblem } {
	const text = decode(body);
	if (text === undefined) return { problem: 'not UTF-8' };
	const value = parseJson(text) as JsonValue | undefined;
	if (value === undefined) return { problem: 'not JSON' };
	if (!isObject<JsonObject>(value)) return { problem: 'not an object' };
	if (isNestedTooDeeply(value)) return { problem: 'nested too deeply' };
	if (!isName(value.id) && !Number.isSafeInteger(value.id)) return { problem: 'no usable id' };
	if (!isName(value.type)) return { problem: 'no usable type' };
	return { event: value as MindPeekerEvent };
}

/**
 * Lists deviations from the documented envelope, such as `data is null`. A signed event with deviations is accepted,
 * because MindPeeker disables a webhook whose deliveries are rejected.
 */
export function findWarnings(event: MindPeekerEvent): string[] {
	const { id, created_at: createdAt, data, livemode } = event;
	return [
		...(typeof id === 'string' ? [] : [`id is ${describeType(id)}`]),
		...(createdAt === undefined || !Number.isNaN(parseTime(createdAt))
			? []
			: ['created_at is not a time']),
		...(data === undefined || isObject(data) ? [] : [`data is ${describeType(data)}`]),
		...(livemode === undefined || typeof livemode === 'boolean'
			? []
			: [`livemode is ${describeType(livemode)}`]),
	];
}

function describeType(value: JsonValue): string {
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

function isName(value: JsonValue | undefined): value is string {
	return typeof value === 'string' && value.length > 0 && value.length <= MAX_NAME_LENGTH;
}
