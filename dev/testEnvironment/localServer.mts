import type { Express } from 'express';
import type { AddressInfo } from 'node:net';

/** A server on 127.0.0.1 that workflows or nodes call. */
export abstract class LocalServer {
	private server?: ReturnType<Express['listen']>;

	async start(): Promise<void> {
		const server = this.createApp().listen(0, '127.0.0.1');
		await new Promise((resolve) => server.once('listening', resolve));
		this.server = server;
	}

	/** Such as `http://127.0.0.1:4010`. */
	get origin(): string {
		return `http://127.0.0.1:${(this.server?.address() as AddressInfo).port}`;
	}

	async stop(): Promise<void> {
		this.server?.closeAllConnections();
		await new Promise((resolve) => this.server?.close(resolve));
	}

	protected abstract createApp(): Express;
}
