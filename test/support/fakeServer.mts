import express, { type Express, type RequestHandler, type Response } from 'express';

import { LocalServer } from '../../dev/testEnvironment/localServer.mts';

/** A server with a handler that a test can replace. */
export class FakeServer extends LocalServer {
	handler: RequestHandler = (_request, response) => void response.status(204).end();
	/** The received requests, such as `GET /webhooks`. */
	readonly requests: string[] = [];
	/** The received `Authorization` headers. */
	readonly keys = new Set<string>();
	/** The bytes of endless responses. */
	bytesSent = 0;

	protected createApp(): Express {
		return express().use((request, response, next) => {
			this.requests.push(`${request.method} ${request.path}`);
			if (request.headers.authorization) this.keys.add(request.headers.authorization);
			return this.handler(request, response, next);
		});
	}

	/** Creates a handler that repeats a text until the client disconnects. */
	endless(start: string, repeated: string): RequestHandler {
		return (_request, response) => {
			response.type('json');
			void this.stream(response, start, repeated.repeat(1_000));
		};
	}

	private async stream(response: Response, start: string, chunk: string): Promise<void> {
		response.write(start);
		while (!response.destroyed) {
			this.bytesSent += chunk.length;
			if (response.write(chunk)) await new Promise((resolve) => setImmediate(resolve));
			else await new Promise((resolve) => response.once('drain', resolve).once('close', resolve));
		}
	}
}

/** Sends a body byte by byte, without an end. */
export const sendSlowBody: RequestHandler = (_request, response) => {
	response.type('json').write('[');
	const timer = setInterval(() => response.write(' '), 200);
	response.on('close', () => clearInterval(timer));
};

/** Sends headers line by line, without an end. */
export const sendSlowHeaders: RequestHandler = (_request, { socket }) => {
	socket?.write('HTTP/1.1 200 OK\r\n');
	const timer = setInterval(() => socket?.write('x-more: 1\r\n'), 200);
	socket?.on('close', () => clearInterval(timer));
};
