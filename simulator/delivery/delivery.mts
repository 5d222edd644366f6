/** One request to a receiver. */
export interface Attempt {
	/** 1 to 7. */
	readonly number: number;
	/** 0 for the attempt itself, 1 and up for the copies that a `duplicate` fault sends beside it. */
	readonly copy: number;
	/** When it was due, ISO 8601. A `reorder` fault or a crowd of deliveries makes it start later. */
	readonly scheduledAt: string;
	readonly startedAt: string;
	readonly endedAt: string;
	readonly durationMs: number;
	/** The status that came back, also where it came too late or a fault lost it; null where none came. */
	readonly status: number | null;
	/** Why it failed although the status alone may look good; null where the status tells. */
	readonly error: string | null;
	/** The beginning of the answer's body. */
	readonly responseBody: string;
}

export type DeliveryState = 'pending' | 'delivered' | 'givenUp' | 'cancelled';

/** One event on its way to one webhook. */
export interface Delivery {
	readonly id: string;
	readonly webhookId: string;
	readonly url: string;
	/** Empty for a raw body that names none. */
	readonly eventId: string;
	/** Empty for a raw body that names none. */
	readonly eventType: string;
	/** What every attempt sends, as text. */
	readonly body: string;
	/** Whether failed attempts are repeated; a single shot never marks its webhook as failed. */
	readonly retry: boolean;
	readonly createdAt: string;
	readonly state: DeliveryState;
	/** ISO 8601; null until then. */
	readonly endedAt: string | null;
	/** ISO 8601; null where none is waiting. */
	readonly nextAttemptAt: string | null;
	/** Those that ended, in the order of their ends. */
	readonly attempts: readonly Attempt[];
}

/** Leave out what does not matter. */
export type DeliveryFilter = Partial<
	Pick<Delivery, 'webhookId' | 'url' | 'eventId' | 'eventType' | 'state'>
>;

/** Whether the receiver has taken what the attempt brought. */
export function succeeded({ status, error }: Pick<Attempt, 'status' | 'error'>): boolean {
	return error === null && status !== null && status >= 200 && status < 300;
}
