import type { JsonObject, JsonValue } from './events';

/** As deep as anything that MindPeeker says may be: n8n cannot store what is nested by the thousand. */
const MAX_DEPTH = 100;

/** Looks level by level instead of by recursion, which a deep enough value would bring down. */
export function isNestedTooDeeply(value: JsonValue): boolean {
	let level = [value].filter(isNest);
	for (let depth = 1; level.length > 0; depth++) {
		if (depth > MAX_DEPTH) return true;
		level = level.flatMap((nest): JsonValue[] => Object.values(nest)).filter(isNest);
	}
	return false;
}

function isNest(value: JsonValue): value is JsonObject | JsonValue[] {
	return typeof value === 'object' && value !== null;
}
