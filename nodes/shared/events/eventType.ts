export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;

export interface JsonObject {
	[key: string]: JsonValue;
}

/** One type of event that MindPeeker sends. */
export interface EventType {
	/** As it stands in an event's `type` and in a webhook's `events`. */
	readonly type: string;
	/** What happened, as half a sentence. */
	readonly description: string;
	/** What an event of this type carries as its `data`. */
	readonly sample: JsonObject;
}
