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

/** A request as it arrived, byte for byte. */
export interface Received {
	/** In milliseconds since 1970. */
	at: number;
	method: string;
	path: string;
	headers: IncomingMessage['headers'];
	body: Buffer;
}

export type Answer = (response: ServerResponse, received: Received) => void;

/** Answers with nothing but a status. */
export function answering(status: number): Answer {
	return (response) => response.writeHead(status).end();
}

/** Takes the connection down instead of answering. */
export const cutting: Answer = (response) => response.destroy();

/** Never answers. */
export const silent: Answer = () => {};

/** A real server on 127.0.0.1 that keeps what it receives. */
export class Receiver {
	readonly received: Received[] = [];

	private constructor(
		private readonly server: Server,
		readonly url: string,
	) {}

	/** @param tls a key and a certificate in PEM: it is reached over HTTPS then */
	static async start(answer: Answer = answering(200), tls?: { key: string; cert: string }) {
		let receiver: Receiver;
		const listener: RequestListener = (request, response) => {
			void receiver.take(request).then((received) => answer(response, received));
		};
		const server = tls ? createTlsServer(tls, listener) : createServer(listener);
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const { port } = server.address() as AddressInfo;
		receiver = new Receiver(server, `${tls ? 'https' : 'http'}://127.0.0.1:${port}/hook`);
		return receiver;
	}

	/** The events that arrived, parsed, of one type where it is given. */
	events(type?: string): Array<Record<string, unknown> & { data: Record<string, unknown> }> {
		return this.received
			.map(({ body }) => JSON.parse(body.toString('utf8')))
			.filter((event) => type === undefined || event.type === type);
	}

	async close(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise<void>((resolve) => this.server.close(() => resolve()));
	}

	private async take(request: IncomingMessage): Promise<Received> {
		const at = Date.now();
		const { method = '', url = '', headers } = request;
		const received = { at, method, path: url, headers, body: await buffer(request) };
		this.received.push(received);
		return received;
	}
}
