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
 * A reverse proxy as the operations guide describes it: it asks n8n whether it is ready before each request. While
 * n8n brings its database up to date at a start, it answers 200 to whatever comes, and takes nothing. Where there are
 * several of n8n's processes, each in turn gets a request, unless it is not ready. One that was sent is not sent to
 * another, as proxies do it with what is not idempotent.
 */
export class Gate {
	private readonly server: Server = createServer((incoming, outgoing) => {
		this.pass(incoming, outgoing).catch(() => outgoing.destroy());
	});
	private targets: string[] = [];
	private turn = 0;

	async start(): Promise<this> {
		this.server.listen(0, '127.0.0.1');
		await new Promise((resolve) => this.server.once('listening', resolve));
		return this;
	}

	get url(): string {
		return `http://localhost:${(this.server.address() as AddressInfo).port}/`;
	}

	/** Where n8n is. */
	leadTo(...urls: string[]): void {
		this.targets = urls.map((url) => url.replace('localhost', '127.0.0.1'));
	}

	async stop(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}

	private async pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
		const target = await this.nextThatIsReady();
		if (!target) return void outgoing.writeHead(503).end('Not ready');
		const { method, url, headers } = incoming;
		const onwards = request(`${target}${url}`, { method, headers });
		outgoing.once('close', () => onwards.destroy());
		const answered = new Promise<IncomingMessage>((resolve, reject) => {
			onwards.once('response', resolve).once('error', reject);
		});
		await Promise.all([pipeline(incoming, onwards), answered]);
		const answer = await answered;
		outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
		await pipeline(answer, outgoing);
	}

	private async nextThatIsReady(): Promise<string | undefined> {
		const first = this.turn++;
		for (let index = 0; index < this.targets.length; index++) {
			const target = this.targets[(first + index) % this.targets.length]!;
			if (await isReady(target)) return target;
		}
		return undefined;
	}
}

async function isReady(target: string): Promise<boolean> {
	const answer = await fetch(target + READINESS).catch(() => undefined);
	await answer?.body?.cancel();
	return answer?.ok ?? false;
}
