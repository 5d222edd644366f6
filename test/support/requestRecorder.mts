import express, { type Express } from 'express';

import { LocalServer } from '../../dev/testEnvironment/localServer.mts';

interface RecordedRequest {
	path: string;
	body: Record<string, unknown>;
}

/** A server that records the requests of workflows by path. */
export class RequestRecorder extends LocalServer {
	requests: RecordedRequest[] = [];
	/** The status of the response to a request. */
	statusFor: (path: string) => number = () => 200;

	protected createApp(): Express {
		const app = express().use(express.json());
		app.post('/*path', ({ path, body }, response) => {
			this.requests.push({ path, body: body as RecordedRequest['body'] });
			response.status(this.statusFor(path)).json({});
		});
		return app;
	}

	/** The bodies of the requests to a path, oldest first. */
	bodiesAt(path: string): RecordedRequest['body'][] {
		return this.requests.filter((request) => request.path === path).map(({ body }) => body);
	}

	reset(): void {
		this.requests = [];
		this.statusFor = () => 200;
	}
}
