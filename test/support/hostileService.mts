import express, { type Express, type RequestHandler, type Response } from 'express';

import { LocalServer } from './localServer.mts';

/** A service that answers the API's calls as it likes. */
export class HostileService extends LocalServer {
	answer: RequestHandler = (_request, response) => void response.status(204).end();
	/** What it was asked, such as `GET /webhooks`. */
	readonly calls: string[] = [];
	/** The keys that it was shown. */
	readonly keys = new Set<string>();
	/** Bytes of bodies that it could get rid of. */
	bytesSent = 0;

	protected app(): Express {
		return express().use((request, response, next) => {
			this.calls.push(`${request.method} ${request.path}`);
			if (request.headers.authorization) this.keys.add(request.headers.authorization);
			return this.answer(request, response, next);
		});
	}

	/** Answers with this text, given again and again for as long as somebody listens. */
	endless(start: string, again: string): RequestHandler {
		return (_request, response) => {
			response.type('json');
			void this.pour(response, start, again.repeat(1_000));
		};
	}

	private async pour(response: Response, start: string, more: string): Promise<void> {
		response.write(start);
		while (!response.destroyed) {
			this.bytesSent += more.length;
			if (response.write(more)) await new Promise((resolve) => setImmediate(resolve));
			else await new Promise((resolve) => response.once('drain', resolve).once('close', resolve));
		}
	}
}

/** Answers with a byte now and then, and never ends. */
export const trickle: RequestHandler = (_request, response) => {
	response.type('json').write('[');
	const timer = setInterval(() => response.write(' '), 200);
	response.on('close', () => clearInterval(timer));
};

/** Answers with a line of the header now and then, and never gets to the body. */
export const trickleHeaders: RequestHandler = (_request, { socket }) => {
	socket?.write('HTTP/1.1 200 OK\r\n');
	const timer = setInterval(() => socket?.write('x-more: 1\r\n'), 200);
	socket?.on('close', () => clearInterval(timer));
};
