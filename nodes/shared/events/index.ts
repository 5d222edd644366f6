import { accountEvents } from './account';
import { analysisEvents } from './analysis';
import { dowsingEvents } from './dowsing';
import type { EventType } from './eventType';
import { sessionEvents } from './session';
import { systemEvents } from './system';
import { webhookEvents } from './webhook';

export type { EventType, JsonObject, JsonValue } from './eventType';

/** Every type of event that MindPeeker documents, in the order of its documentation. */
export const EVENT_TYPES: readonly EventType[] = [
	...sessionEvents,
	...analysisEvents,
	...dowsingEvents,
	...accountEvents,
	...systemEvents,
	...webhookEvents,
];

/** The choice that stands for every type, also for those not known yet. */
export const ALL_EVENTS = '*';

/** The types to register for a choice: MindPeeker documents no wildcard, so `*` becomes every name. */
export function typesToRegister(chosen: readonly string[]): string[] {
	return chosen.includes(ALL_EVENTS) ? EVENT_TYPES.map(({ type }) => type) : [...new Set(chosen)];
}

/** Whether an event of this type is wanted; with `*` one of a type not known yet is wanted as well. */
export function isChosen(type: string, chosen: readonly string[]): boolean {
	return chosen.includes(ALL_EVENTS) || chosen.includes(type);
}

/** `dowsing.query_completed` is shown as "Dowsing Query Completed". */
export function eventTitle(type: string): string {
	return type
		.split(/[._]/)
		.map((word) => word.charAt(0).toUpperCase() + word.slice(1))
		.join(' ');
}
