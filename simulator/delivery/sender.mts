import * as http from 'node:http';
import * as https from 'node:https';
import { rootCertificates } from 'node:tls';

const CONNECTIONS_PER_RECEIVER = 256;
const IDLE_CONNECTION_MS = 2_000;
const EXCERPT_LENGTH = 1_000;

export interface Posting {
	url: string;
	body: Buffer;
	headers: Record<string, string>;
}

/** How a request ended, with times in milliseconds since 1970. */
export interface Outcome {
	startedAt: number;
	endedAt: number;
	/** Null where no answer came. */
	status: number | null;
	/** Null where a whole answer came. */
	error: string | null;
	responseBody: string;
}

/** Sends requests to receivers: redirects are not followed, and connections are kept for the next one. */
export class Sender {
	private readonly agents: { 'http:': http.Agent; 'https:': https.Agent };

	/**
	 * @param options.timeoutMs from the beginning of the connection to the end of the answer
	 * @param options.ca certificates to trust beside the usual ones
	 * @param options.signal ends every request when aborted
	 */
	constructor(private readonly options: { timeoutMs: number; ca?: string; signal: AbortSignal }) {
		const pool = {
			keepAlive: true,
			maxSockets: CONNECTIONS_PER_RECEIVER,
			timeout: IDLE_CONNECTION_MS,
		};
		// What is given to Node as `ca` replaces the usual ones.
		const ca = options.ca === undefined ? undefined : [...rootCertificates, options.ca];
		this.agents = { 'http:': new http.Agent(pool), 'https:': new https.Agent({ ...pool, ca }) };
	}

	/** Never rejects: what goes wrong is in the outcome. */
	async post(posting: Posting, timeoutMs = this.options.timeoutMs): Promise<Outcome> {
		return await new Promise((resolve) => {
			let startedAt = Date.now();
			let status: number | null = null;
			let isTooLate = false;
			let timer: NodeJS.Timeout | undefined;

			const settle = (error: string | null, responseBody = '') => {
				clearTimeout(timer);
				resolve({ startedAt, endedAt: Date.now(), status, error, responseBody });
			};
			const fail = (error: Error) =>
				settle(isTooLate ? `No answer within ${timeoutMs} ms` : textOf(error));

			const request = this.open(posting);
			// A request that waits for one of the connections has not started.
			request.once('socket', () => {
				startedAt = Date.now();
				timer = setTimeout(() => {
					isTooLate = true;
					request.destroy();
				}, timeoutMs);
			});
			request.once('response', (response) => {
				status = response.statusCode ?? null;
				readExcerpt(response).then((body) => settle(null, body), fail);
			});
			request.on('error', fail);
			request.end(posting.body);
		});
	}

	close(): void {
		this.agents['http:'].destroy();
		this.agents['https:'].destroy();
	}

	private open({ url, headers }: Posting): http.ClientRequest {
		const options = { method: 'POST', headers, signal: this.options.signal };
		return new URL(url).protocol === 'https:'
			? https.request(url, { ...options, agent: this.agents['https:'] })
			: http.request(url, { ...options, agent: this.agents['http:'] });
	}
}

async function readExcerpt(response: http.IncomingMessage): Promise<string> {
	let excerpt = '';
	response.setEncoding('utf8');
	for await (const chunk of response) {
		if (excerpt.length < EXCERPT_LENGTH) excerpt += String(chunk);
	}
	return excerpt.slice(0, EXCERPT_LENGTH);
}

function textOf(error: Error & { code?: string }): string {
	return error.message || error.code || error.name;
}
