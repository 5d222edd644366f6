interface FaultBase {
	/** Maximum number of injections. Default: 1, or unlimited with a `probability`. */
	times?: number;
	/** 0 to 1 for each request or attempt. Default: 1. */
	probability?: number;
}

interface ApiFaultBase extends FaultBase {
	on: 'api';
	/** Default: any method. */
	method?: string;
	/** Below the base URL, such as `/webhooks` or `/webhooks/{id}`. Default: any path. */
	path?: string;
}

/** Responds with this status and does not process the request. */
interface ApiResponse extends ApiFaultBase {
	kind: 'response';
	status: number;
	/** Value of the `Retry-After` header, in seconds. */
	retryAfter?: number;
	/** Default: the API's error body. */
	body?: unknown;
}

/** Closes the connection (`reset`) or never responds (`timeout`). Does not process the request. */
interface ApiNoResponse extends ApiFaultBase {
	kind: 'reset' | 'timeout';
}

/** Processes the request, then closes the connection. */
interface ApiLostResponse extends ApiFaultBase {
	kind: 'lost-response';
}

/** Processes the request, then delays the response. */
interface ApiSlowResponse extends ApiFaultBase {
	kind: 'slow-response';
	/** In real milliseconds. */
	delayMs: number;
}

interface DeliveryFaultBase extends FaultBase {
	on: 'delivery';
	eventType?: string;
	webhookId?: string;
	/** Applies up to this attempt, so that a later one can succeed. */
	upToAttempt?: number;
}

/** The request (`drop`) or the response (`lost-response`) is lost. */
interface DeliveryLost extends DeliveryFaultBase {
	kind: 'drop' | 'lost-response';
}

/** The attempt fails with a timeout. */
interface DeliverySlowResponse extends DeliveryFaultBase {
	kind: 'slow-response';
	/** In real milliseconds. Default: the usual timeout. */
	afterMs?: number;
	/** Whether to close the connection then. Otherwise the request continues during the retries. */
	hangUp?: boolean;
}

/** Sends the same request more than once. The responses to the duplicates are ignored. */
interface DeliveryDuplicate extends DeliveryFaultBase {
	kind: 'duplicate';
	/** Number of duplicates. Default: 1. */
	copies?: number;
	/** Maximum delay after the attempt, in real milliseconds. Default: 0. */
	withinMs?: number;
}

/** Delays an attempt at random, so that events arrive out of order. */
interface DeliveryReorder extends DeliveryFaultBase {
	kind: 'reorder';
	/** Maximum delay in real milliseconds. */
	withinMs: number;
}

/** A fault on requests to the management API with a valid key. */
export type ApiFault = ApiResponse | ApiNoResponse | ApiLostResponse | ApiSlowResponse;

/** A fault on delivery attempts. */
export type DeliveryFault =
	| DeliveryLost
	| DeliverySlowResponse
	| DeliveryDuplicate
	| DeliveryReorder;

export type Fault = ApiFault | DeliveryFault;

export function getMaxInjections({ times, probability }: Fault): number {
	return times ?? (probability === undefined ? 1 : Infinity);
}

const REQUIRED_FIELDS: Record<string, Record<string, string[]>> = {
	api: {
		response: ['status'],
		reset: [],
		timeout: [],
		'lost-response': [],
		'slow-response': ['delayMs'],
	},
	delivery: {
		drop: [],
		'lost-response': [],
		'slow-response': [],
		duplicate: [],
		reorder: ['withinMs'],
	},
};

/** @throws {TypeError} for an unknown kind or a missing field */
export function assertValidFault(fault: Fault): void {
	const kinds = REQUIRED_FIELDS[fault.on] ?? {};
	const required = kinds[fault.kind];
	if (!required) {
		const known = Object.keys(kinds).join(', ') || 'none';
		throw new TypeError(
			`There is no fault "${fault.kind}" on "${fault.on}". Available kinds: ${known}.`,
		);
	}
	const missing = required.find(
		(name) => (fault as unknown as Record<string, unknown>)[name] === undefined,
	);
	if (missing) throw new TypeError(`A fault "${fault.kind}" on "${fault.on}" needs "${missing}".`);
}
