import type { EventBus } from '../runtime/eventBus.mts';

const CAPACITY = 100_000;
const REDACTED = '…';

/** A request to the management API. Key and secret are redacted. */
export interface RecordedRequest {
	/** ISO 8601. */
	readonly at: string;
	readonly method: string;
	/** With the query, such as `/v1/webhooks?limit=100`. */
	readonly path: string;
	readonly headers: Readonly<Record<string, string | string[] | undefined>>;
	/** Undefined without a body, or if the request was rejected earlier. */
	readonly body?: unknown;
	/** Null without a response, or before it. */
	readonly status: number | null;
	/** The kind of the injected fault. */
	readonly fault?: string;
}

/** Completes a logged request. */
export interface RequestRecorder {
	setBody(body: unknown): void;
	end(outcome: Pick<RecordedRequest, 'status' | 'fault'>): void;
}

/** The requests to the management API, oldest first. When it is full, it drops the oldest. */
export class RequestLog {
	private readonly requests: RecordedRequest[] = [];

	constructor(private readonly eventBus: EventBus) {}

	add(request: Pick<RecordedRequest, 'method' | 'path' | 'headers'>): RequestRecorder {
		const headers = redactKeys(request.headers);
		const entry = { ...request, headers, at: new Date().toISOString(), status: null };
		this.requests.push(entry);
		if (this.requests.length > CAPACITY) this.requests.shift();
		return {
			setBody: (body) => void Object.assign(entry, { body: redactSecret(body) }),
			end: (outcome) => {
				Object.assign(entry, outcome);
				this.eventBus.emit('request', { ...entry });
			},
		};
	}

	all(): RecordedRequest[] {
		return this.requests.map((entry) => ({ ...entry }));
	}
}

function redactKeys(headers: RecordedRequest['headers']): RecordedRequest['headers'] {
	const { authorization, 'x-api-key': apiKey, ...rest } = headers;
	return {
		...rest,
		...(authorization !== undefined && {
			authorization: String(authorization).replace(/\S+$/, REDACTED),
		}),
		...(apiKey !== undefined && { 'x-api-key': REDACTED }),
	};
}

function redactSecret(body: unknown): unknown {
	const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
	return isObject && 'secret' in body ? { ...body, secret: REDACTED } : body;
}
