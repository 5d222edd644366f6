import express, { type Express } from 'express';
import { setTimeout as sleep } from 'node:timers/promises';

import { LocalServer } from './localServer.mts';

/** A request that a workflow sent. */
export interface SideEffect {
	eventId: string;
	executionId: string;
	hasSucceeded: boolean;
}

/** The server's responses for one event. */
export interface Behavior {
	/** The number of requests that fail before one succeeds. */
	failures: number;
	/** The duration of the first request. */
	delayMs: number;
}

/** A server that workflows send requests to. It records them by event and execution. */
export class SideEffectServer extends LocalServer {
	readonly sideEffects: SideEffect[] = [];

	constructor(private readonly getBehavior: (eventId: string) => Behavior) {
		super();
	}

	protected createApp(): Express {
		const app = express().use(express.json());
		app.post('/', async (request, response) => {
			const { event: eventId, execution: executionId } = request.body as Record<string, string>;
			const { failures, delayMs } = this.getBehavior(String(eventId));
			const earlier = this.sideEffects.filter((effect) => effect.eventId === eventId).length;
			const hasSucceeded = earlier >= failures;
			this.sideEffects.push({
				eventId: String(eventId),
				executionId: String(executionId),
				hasSucceeded,
			});
			await sleep(earlier === 0 ? delayMs : 0);
			response.status(hasSucceeded ? 200 : 500).json({});
		});
		return app;
	}

	get url(): string {
		return `${this.origin}/`;
	}
}
