interface Common {
	/** How often it strikes: once where neither this nor a probability is given, without end beside one. */
	times?: number;
	/** 0 to 1: how likely each call or attempt is struck; 1 where left out. */
	probability?: number;
}

interface OnApi extends Common {
	on: 'api';
	/** Any method where left out. */
	method?: string;
	/** Below the base url, such as `/webhooks` or `/webhooks/{id}`; any where left out. */
	path?: string;
}

/** Answers instead of doing anything. */
interface ApiAnswer extends OnApi {
	kind: 'answer';
	status: number;
	/** Seconds, for the header of that name. */
	retryAfter?: number;
	/** Instead of the usual error. */
	body?: unknown;
}

/** Drops the connection (`reset`) or never answers (`timeout`) instead of doing anything. */
interface ApiSilence extends OnApi {
	kind: 'reset' | 'timeout';
}

/** Does what is asked, then drops the connection. */
interface ApiLostAnswer extends OnApi {
	kind: 'lost-answer';
}

/** Does what is asked, and answers so many real milliseconds later. */
interface ApiSlowAnswer extends OnApi {
	kind: 'slow-answer';
	delayMs: number;
}

interface OnDelivery extends Common {
	on: 'delivery';
	eventType?: string;
	webhookId?: string;
	/** Leaves attempts after this one alone, so that a delivery can succeed in the end. */
	upToAttempt?: number;
}

/** The attempt never reaches the receiver (`drop`), or its answer, whatever it is, is lost on the way back. */
interface DeliveryLost extends OnDelivery {
	kind: 'drop' | 'lost-answer';
}

/** The answer counts as too late. */
interface DeliverySlowAnswer extends OnDelivery {
	kind: 'slow-answer';
	/** In real milliseconds; the usual limit where left out. */
	afterMs?: number;
	/** True drops the connection then; otherwise the request goes on beside the retries. */
	hangUp?: boolean;
}

/** Copies are sent beside the attempt; their answers do not count. */
interface DeliveryDuplicate extends OnDelivery {
	kind: 'duplicate';
	/** One where left out. */
	copies?: number;
	/** How long after the attempt at most, in real milliseconds; at the same time where left out. */
	withinMs?: number;
}

/** The attempt is held back by up to so many real milliseconds. */
interface DeliveryReorder extends OnDelivery {
	kind: 'reorder';
	withinMs: number;
}

/** Strikes calls of the management API with a valid key. */
export type ApiFault = ApiAnswer | ApiSilence | ApiLostAnswer | ApiSlowAnswer;

/** Strikes attempts to deliver. */
export type DeliveryFault = DeliveryLost | DeliverySlowAnswer | DeliveryDuplicate | DeliveryReorder;

export type Fault = ApiFault | DeliveryFault;

/** How often the fault strikes at most. */
export function timesOf({ times, probability }: Fault): number {
	return times ?? (probability === undefined ? 1 : Infinity);
}

const REQUIRED: Record<string, Record<string, string[]>> = {
	api: {
		answer: ['status'],
		reset: [],
		timeout: [],
		'lost-answer': [],
		'slow-answer': ['delayMs'],
	},
	delivery: {
		drop: [],
		'lost-answer': [],
		'slow-answer': [],
		duplicate: [],
		reorder: ['withinMs'],
	},
};

/** @throws {TypeError} where the fault is none, for example without what its kind needs */
export function assertFault(fault: Fault): void {
	const kinds = REQUIRED[fault.on] ?? {};
	const required = kinds[fault.kind];
	if (!required) {
		const known = Object.keys(kinds).join(', ') || 'none';
		throw new TypeError(
			`There is no fault "${fault.kind}" on "${fault.on}". Known there: ${known}.`,
		);
	}
	const missing = required.find(
		(name) => (fault as unknown as Record<string, unknown>)[name] === undefined,
	);
	if (missing) throw new TypeError(`A fault "${fault.kind}" on "${fault.on}" needs "${missing}".`);
}
