import express from 'express';
import type { AddressInfo } from 'node:net';

interface Letter {
	path: string;
	body: Record<string, unknown>;
}

/** What workflows send to: a chat, a system of the user's, by its path. */
export class Inbox {
	letters: Letter[] = [];
	/** The status that a letter to a path is answered with. */
	statusFor: (path: string) => number = () => 200;
	private server?: ReturnType<ReturnType<typeof express>['listen']>;

	async start(): Promise<void> {
		const app = express().use(express.json());
		app.post('/*path', ({ path, body }, response) => {
			this.letters.push({ path, body: body as Letter['body'] });
			response.status(this.statusFor(path)).json({});
		});
		const server = app.listen(0, '127.0.0.1');
		await new Promise((resolve) => server.once('listening', resolve));
		this.server = server;
	}

	get url(): string {
		return `http://127.0.0.1:${(this.server?.address() as AddressInfo).port}`;
	}

	/** What came to a path, the first one first. */
	at(path: string): Letter['body'][] {
		return this.letters.filter((letter) => letter.path === path).map(({ body }) => body);
	}

	empty(): void {
		this.letters = [];
		this.statusFor = () => 200;
	}

	async stop(): Promise<void> {
		this.server?.closeAllConnections();
		await new Promise((resolve) => this.server?.close(resolve));
	}
}
