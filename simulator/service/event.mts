import { EVENT_TYPES } from '../../nodes/shared/events/eventTypes.ts';
import type { JsonObject } from '../../nodes/shared/values.ts';

/** The JSON body of a delivery. */
export interface MindPeekerEvent {
	id: string;
	type: string;
	/** ISO 8601. */
	created_at: string;
	data: JsonObject;
	livemode: boolean;
	pending_webhooks: number;
}

const SAMPLES = new Map(EVENT_TYPES.map(({ type, sample }) => [type, sample]));

export const EVENT_NAMES: readonly string[] = [...SAMPLES.keys()];

/** The type's sample payload with some fields replaced. Returns undefined for an unknown type. */
export function createPayload(type: string, fields: JsonObject = {}): JsonObject | undefined {
	const sample = SAMPLES.get(type);
	return sample && { ...structuredClone(sample), ...fields };
}
