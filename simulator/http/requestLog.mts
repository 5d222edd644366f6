import type { Live } from '../live.mts';

const CAPACITY = 100_000;
const HIDDEN = '…';

/** A call of the management API, with its key and secret hidden. */
export interface RecordedRequest {
	/** ISO 8601. */
	readonly at: string;
	readonly method: string;
	/** With the query, such as `/v1/webhooks?limit=100`. */
	readonly path: string;
	readonly headers: Readonly<Record<string, string | string[] | undefined>>;
	/** Undefined where there was none, or the call was refused before it was read. */
	readonly body?: unknown;
	/** Null where no answer was given, or none yet. */
	readonly status: number | null;
	/** The kind of the fault that struck it. */
	readonly fault?: string;
}

type Outcome = Pick<RecordedRequest, 'status' | 'fault'>;

/** The calls of the management API in the order of their arrival. The oldest leave when it is full. */
export class RequestLog {
	private readonly recorded: RecordedRequest[] = [];

	constructor(private readonly live: Live) {}

	/** Gives the function that tells how it ended. */
	add(call: Pick<RecordedRequest, 'method' | 'path' | 'headers'>): {
		read: (body: unknown) => void;
		end: (outcome: Outcome) => void;
	} {
		const headers = hideKeys(call.headers);
		const entry = { ...call, headers, at: new Date().toISOString(), status: null };
		this.recorded.push(entry);
		if (this.recorded.length > CAPACITY) this.recorded.shift();
		return {
			read: (body) => Object.assign(entry, { body: hideSecret(body) }),
			end: (outcome) => {
				Object.assign(entry, outcome);
				this.live.emit('request', { ...entry });
			},
		};
	}

	all(): RecordedRequest[] {
		return this.recorded.map((entry) => ({ ...entry }));
	}
}

function hideKeys(headers: RecordedRequest['headers']): RecordedRequest['headers'] {
	const { authorization, 'x-api-key': apiKey, ...rest } = headers;
	return {
		...rest,
		...(authorization !== undefined && {
			authorization: String(authorization).replace(/\S+$/, HIDDEN),
		}),
		...(apiKey !== undefined && { 'x-api-key': HIDDEN }),
	};
}

function hideSecret(body: unknown): unknown {
	const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
	return isObject && 'secret' in body ? { ...body, secret: HIDDEN } : body;
}
