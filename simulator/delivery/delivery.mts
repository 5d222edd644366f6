/** One request to a receiver. */
export interface Attempt {
	/** 1 to 7. */
	readonly number: number;
	/** 0 for the attempt itself, 1 and up for its duplicates. */
	readonly copy: number;
	/** ISO 8601. A `reorder` fault or a full connection pool delays the actual start. */
	readonly scheduledAt: string;
	readonly startedAt: string;
	readonly endedAt: string;
	readonly durationMs: number;
	/** The response's status, even if the response was late or lost. Null without a response. */
	readonly status: number | null;
	/** Why the attempt failed, if the status does not say so. */
	readonly error: string | null;
	/** The beginning of the response's body. */
	readonly responseBody: string;
}

export type DeliveryState = 'pending' | 'delivered' | 'failed' | 'canceled';

/** An event for one webhook, with all attempts to deliver it. */
export interface Delivery {
	readonly id: string;
	readonly webhookId: string;
	readonly url: string;
	/** Empty for a raw body without an id. */
	readonly eventId: string;
	/** Empty for a raw body without a type. */
	readonly eventType: string;
	/** The body of each attempt, as text. */
	readonly body: string;
	/** Whether failed attempts are retried. Without retries, a failure does not affect the webhook. */
	readonly retry: boolean;
	readonly createdAt: string;
	readonly state: DeliveryState;
	/** ISO 8601. Null while it is pending. */
	readonly endedAt: string | null;
	/** ISO 8601. Null if none is scheduled. */
	readonly nextAttemptAt: string | null;
	/** The completed attempts, in the order of their ends. */
	readonly attempts: readonly Attempt[];
}

export type DeliveryFilter = Partial<
	Pick<Delivery, 'webhookId' | 'url' | 'eventId' | 'eventType' | 'state'>
>;

export function isSuccess({ status, error }: Pick<Attempt, 'status' | 'error'>): boolean {
	return error === null && status !== null && status >= 200 && status < 300;
}
