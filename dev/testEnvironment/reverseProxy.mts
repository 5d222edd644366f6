import {
	createServer,
	request,
	type IncomingMessage,
	type Server,
	type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';

const READINESS = '/healthz/readiness';

/**
 * The reverse proxy that docs/operations.md recommends. Before it forwards a request, it asks n8n whether it is ready:
 * during its database migrations, n8n responds with 200 to every request and processes none. With several processes,
 * requests go to the ready ones in turn. A request is never sent twice, because a POST is not idempotent.
 */
export class ReverseProxy {
	private readonly server: Server = createServer((incoming, outgoing) => {
		this.forward(incoming, outgoing).catch(() => outgoing.destroy());
	});
	private targets: string[] = [];
	private nextIndex = 0;

	async start(): Promise<this> {
		this.server.listen(0, '127.0.0.1');
		await new Promise((resolve) => this.server.once('listening', resolve));
		return this;
	}

	get url(): string {
		return `http://localhost:${(this.server.address() as AddressInfo).port}/`;
	}

	/** Sets the URLs of n8n's processes. */
	setTargets(...urls: string[]): void {
		this.targets = urls.map((url) => url.replace('localhost', '127.0.0.1'));
	}

	async stop(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}

	private async forward(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
		const target = await this.nextReadyTarget();
		if (!target) return void outgoing.writeHead(503).end('Not ready');
		const { method, url, headers } = incoming;
		const forwarded = request(`${target}${url}`, { method, headers });
		outgoing.once('close', () => forwarded.destroy());
		const responded = new Promise<IncomingMessage>((resolve, reject) => {
			forwarded.once('response', resolve).once('error', reject);
		});
		await Promise.all([pipeline(incoming, forwarded), responded]);
		const response = await responded;
		outgoing.writeHead(response.statusCode ?? 502, response.headers);
		await pipeline(response, outgoing);
	}

	private async nextReadyTarget(): Promise<string | undefined> {
		const first = this.nextIndex++;
		for (let index = 0; index < this.targets.length; index++) {
			const target = this.targets[(first + index) % this.targets.length]!;
			if (await isReady(target)) return target;
		}
		return undefined;
	}
}

async function isReady(target: string): Promise<boolean> {
	const response = await fetch(target + READINESS).catch(() => undefined);
	await response?.body?.cancel();
	return response?.ok ?? false;
}
