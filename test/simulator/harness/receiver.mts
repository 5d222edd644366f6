import {
	createServer,
	type IncomingMessage,
	type RequestListener,
	type Server,
	type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A received request, byte for byte. */
export interface ReceivedRequest {
	/** In milliseconds since 1970. */
	at: number;
	method: string;
	path: string;
	headers: IncomingMessage['headers'];
	body: Buffer;
}

export type Responder = (response: ServerResponse, received: ReceivedRequest) => void;

/** Responds with this status and no body. */
export function respondWith(status: number): Responder {
	return (response) => response.writeHead(status).end();
}

export const closeConnection: Responder = (response) => response.destroy();

export const neverRespond: Responder = () => {};

/** An HTTP server on 127.0.0.1 that records the requests. */
export class Receiver {
	readonly received: ReceivedRequest[] = [];

	private constructor(
		private readonly server: Server,
		readonly url: string,
	) {}

	/** @param tls key and certificate in PEM for HTTPS */
	static async start(respond: Responder = respondWith(200), tls?: { key: string; cert: string }) {
		let receiver: Receiver;
		const listener: RequestListener = (request, response) => {
			void receiver.record(request).then((received) => respond(response, received));
		};
		const server = tls ? createTlsServer(tls, listener) : createServer(listener);
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const { port } = server.address() as AddressInfo;
		receiver = new Receiver(server, `${tls ? 'https' : 'http'}://127.0.0.1:${port}/hook`);
		return receiver;
	}

	/** The received events, optionally of one type. */
	events(type?: string): Array<Record<string, unknown> & { data: Record<string, unknown> }> {
		return this.received
			.map(({ body }) => JSON.parse(body.toString('utf8')))
			.filter((event) => type === undefined || event.type === type);
	}

	async close(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise<void>((resolve) => this.server.close(() => resolve()));
	}

	private async record(request: IncomingMessage): Promise<ReceivedRequest> {
		const at = Date.now();
		const { method = '', url = '', headers } = request;
		const received = { at, method, path: url, headers, body: await buffer(request) };
		this.received.push(received);
		return received;
	}
}
