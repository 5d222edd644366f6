import { EVENT_TYPES, type JsonObject } from '../../nodes/shared/events/index.ts';

/** What a receiver gets. */
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

/** The sample payload of a type with other fields laid over it; undefined for a type that is not known. */
export function payloadOf(type: string, over: JsonObject = {}): JsonObject | undefined {
	const sample = SAMPLES.get(type);
	return sample && { ...structuredClone(sample), ...over };
}
