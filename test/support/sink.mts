import express from 'express';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

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
export class Sink {
	readonly effects: Effect[] = [];
	private server?: ReturnType<ReturnType<typeof express>['listen']>;

	constructor(private readonly treat: (eventId: string) => Treatment) {}

	async start(): Promise<void> {
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
		const server = app.listen(0, '127.0.0.1');
		await new Promise((resolve) => server.once('listening', resolve));
		this.server = server;
	}

	get url(): string {
		return `http://127.0.0.1:${(this.server?.address() as AddressInfo).port}/`;
	}

	async stop(): Promise<void> {
		this.server?.closeAllConnections();
		await new Promise((resolve) => this.server?.close(resolve));
	}
}
