import type { INodePropertyOptions } from 'n8n-workflow';

import { EVENT_TYPES } from './eventTypes';

/** The option that selects every type, including types that MindPeeker adds later. */
export const ALL_EVENTS = '*';

/** The event types as options of a parameter. */
export const EVENT_OPTIONS: INodePropertyOptions[] = EVENT_TYPES.map(({ type, description }) => ({
	name: formatEventTitle(type),
	value: type,
	description: `${description} (${type})`,
}));

/** The types to register for a selection. MindPeeker has no wildcard, so `*` becomes every known type. */
export function expandEventTypes(chosen: readonly string[]): string[] {
	return chosen.includes(ALL_EVENTS) ? EVENT_TYPES.map(({ type }) => type) : [...new Set(chosen)];
}

/** Whether the selection includes this type. `*` also includes unknown types. */
export function isChosen(type: string, chosen: readonly string[]): boolean {
	return chosen.includes(ALL_EVENTS) || chosen.includes(type);
}

/** Turns `dowsing.query_completed` into "Dowsing Query Completed". */
export function formatEventTitle(type: string): string {
	return type
		.split(/[._]/)
		.map((word) => word.charAt(0).toUpperCase() + word.slice(1))
		.join(' ');
}
