import express, { type Express } from 'express';
import { setTimeout as sleep } from 'node:timers/promises';

import { LocalServer } from './localServer.mts';

/** One call of the world outside: what a workflow does that cannot be undone. */
export interface Effect {
	eventId: string;
	executionId: string;
	hasSucceeded: boolean;
}

/** How the world outside treats an event. */
export interface Treatment {
	/** How many calls for it fail before one succeeds. */
	failures: number;
	/** How long the first takes. */
	delayMs: number;
}

/** The world outside, which workflows act upon, and which counts what they do. */
export class Sink extends LocalServer {
	readonly effects: Effect[] = [];

	constructor(private readonly treat: (eventId: string) => Treatment) {
		super();
	}

	protected app(): Express {
		const app = express().use(express.json());
		app.post('/', async (request, response) => {
			const { event: eventId, execution: executionId } = request.body as Record<string, string>;
			const { failures, delayMs } = this.treat(String(eventId));
			const before = this.effects.filter((effect) => effect.eventId === eventId).length;
			const hasSucceeded = before >= failures;
			this.effects.push({
				eventId: String(eventId),
				executionId: String(executionId),
				hasSucceeded,
			});
			await sleep(before === 0 ? delayMs : 0);
			response.status(hasSucceeded ? 200 : 500).json({});
		});
		return app;
	}

	get url(): string {
		return `${this.origin}/`;
	}
}
