import express, { type Express } from 'express';

import { LocalServer } from './localServer.mts';

interface Letter {
	path: string;
	body: Record<string, unknown>;
}

/** What workflows send to: a chat, a system of the user's, by its path. */
export class Inbox extends LocalServer {
	letters: Letter[] = [];
	/** The status that a letter to a path is answered with. */
	statusFor: (path: string) => number = () => 200;

	protected app(): Express {
		const app = express().use(express.json());
		app.post('/*path', ({ path, body }, response) => {
			this.letters.push({ path, body: body as Letter['body'] });
			response.status(this.statusFor(path)).json({});
		});
		return app;
	}

	/** What came to a path, the first one first. */
	at(path: string): Letter['body'][] {
		return this.letters.filter((letter) => letter.path === path).map(({ body }) => body);
	}

	empty(): void {
		this.letters = [];
		this.statusFor = () => 200;
	}
}
