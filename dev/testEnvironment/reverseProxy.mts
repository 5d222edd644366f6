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
 * requests go to the ready ones in turn. A request is never sent twice, because a POST is not idempotent. A prefix of
 * the path, such as `/n8n`, is removed, because n8n itself does not know its N8N_PATH.
 */
export class ReverseProxy {
	private readonly server: Server = createServer((incoming, outgoing) => {
		this.forward(incoming, outgoing).catch(() => outgoing.destroy());
	});
	private targets: string[] = [];
	private main?: string;
	private nextIndex = 0;

	constructor(private readonly prefix = '') {}

	async start(): Promise<this> {
		this.server.listen(0, '127.0.0.1');
		await new Promise((resolve) => this.server.once('listening', resolve));
		return this;
	}

	get url(): string {
		return `http://localhost:${(this.server.address() as AddressInfo).port}${this.prefix}/`;
	}

	/** Sets the URLs of n8n's processes. In queue mode, these are the webhook processes. */
	setTargets(...urls: string[]): void {
		this.targets = urls.map((url) => url.replace('localhost', '127.0.0.1'));
	}

	/** Sets the URL of queue mode's main process, which gets all requests except those to published webhooks. */
	setMain(url: string): void {
		this.main = url.replace('localhost', '127.0.0.1');
	}

	async stop(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}

	private async forward(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
		const { method, url = '', headers } = incoming;
		if (!url.startsWith(`${this.prefix}/`)) return void outgoing.writeHead(404).end('Not found');
		const path = url.slice(this.prefix.length);
		const isForMain = this.main !== undefined && !path.startsWith('/webhook/');
		const target = await this.nextReadyTarget(isForMain ? [this.main!] : this.targets);
		if (!target) return void outgoing.writeHead(503).end('Not ready');
		const forwarded = request(target + path, { method, headers });
		outgoing.once('close', () => forwarded.destroy());
		const responded = new Promise<IncomingMessage>((resolve, reject) => {
			forwarded.once('response', resolve).once('error', reject);
		});
		await Promise.all([pipeline(incoming, forwarded), responded]);
		const response = await responded;
		outgoing.writeHead(response.statusCode ?? 502, response.headers);
		await pipeline(response, outgoing);
	}

	private async nextReadyTarget(targets: string[]): Promise<string | undefined> {
		const first = this.nextIndex++;
		for (let index = 0; index < targets.length; index++) {
			const target = targets[(first + index) % targets.length]!;
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
