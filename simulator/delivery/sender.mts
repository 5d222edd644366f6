import * as http from 'node:http';
import * as https from 'node:https';
import { rootCertificates } from 'node:tls';

const CONNECTIONS_PER_RECEIVER = 256;
const IDLE_CONNECTION_MS = 2_000;
const MAX_LOGGED_CHARACTERS = 1_000;

export interface OutgoingRequest {
	url: string;
	body: Buffer;
	headers: Record<string, string>;
}

/** The result of a request. Times are milliseconds since 1970. */
export interface RequestOutcome {
	startedAt: number;
	endedAt: number;
	/** Null without a response. */
	status: number | null;
	/** Null after a complete response. */
	error: string | null;
	/** The beginning of the body. */
	responseBody: string;
}

/** Sends requests to receivers. Keeps connections alive and does not follow redirects. */
export class Sender {
	private readonly agents: { 'http:': http.Agent; 'https:': https.Agent };

	/**
	 * @param options.timeoutMs from the start of the connection to the end of the response
	 * @param options.ca trusted certificates in addition to Node's
	 * @param options.signal cancels all requests
	 */
	constructor(private readonly options: { timeoutMs: number; ca?: string; signal: AbortSignal }) {
		const pool = {
			keepAlive: true,
			maxSockets: CONNECTIONS_PER_RECEIVER,
			timeout: IDLE_CONNECTION_MS,
		};
		// Node's `ca` option replaces the default certificates.
		const ca = options.ca === undefined ? undefined : [...rootCertificates, options.ca];
		this.agents = { 'http:': new http.Agent(pool), 'https:': new https.Agent({ ...pool, ca }) };
	}

	/** Never rejects: errors are part of the outcome. */
	async send(
		outgoing: OutgoingRequest,
		timeoutMs = this.options.timeoutMs,
	): Promise<RequestOutcome> {
		return await new Promise((resolve) => {
			let startedAt = Date.now();
			let status: number | null = null;
			let isTimedOut = false;
			let timer: NodeJS.Timeout | undefined;

			const settle = (error: string | null, responseBody = '') => {
				clearTimeout(timer);
				resolve({ startedAt, endedAt: Date.now(), status, error, responseBody });
			};
			const fail = (error: Error) =>
				settle(isTimedOut ? `No response within ${timeoutMs} ms` : describeError(error));

			const request = this.open(outgoing);
			// The timeout starts with the connection, not in the pool's queue.
			request.once('socket', () => {
				startedAt = Date.now();
				timer = setTimeout(() => {
					isTimedOut = true;
					request.destroy();
				}, timeoutMs);
			});
			request.once('response', (response) => {
				status = response.statusCode ?? null;
				readBeginning(response).then((body) => settle(null, body), fail);
			});
			request.on('error', fail);
			request.end(outgoing.body);
		});
	}

	close(): void {
		this.agents['http:'].destroy();
		this.agents['https:'].destroy();
	}

	private open({ url, headers }: OutgoingRequest): http.ClientRequest {
		const options = { method: 'POST', headers, signal: this.options.signal };
		return new URL(url).protocol === 'https:'
			? https.request(url, { ...options, agent: this.agents['https:'] })
			: http.request(url, { ...options, agent: this.agents['http:'] });
	}
}

/** Reads the whole body, and returns its beginning. */
async function readBeginning(response: http.IncomingMessage): Promise<string> {
	let text = '';
	response.setEncoding('utf8');
	for await (const chunk of response) {
		if (text.length < MAX_LOGGED_CHARACTERS) text += String(chunk);
	}
	return text.slice(0, MAX_LOGGED_CHARACTERS);
}

function describeError(error: Error & { code?: string }): string {
	return error.message || error.code || error.name;
}
