import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';

import { freePorts } from '../lab/ports.mts';

/** The address of n8n in the documentation. */
export const DOCUMENTED_N8N = '127.0.0.1:5678';

/** A server in place of n8n, because n8n is not ready only for a moment. */
interface Backend {
	isReady: boolean;
	seen: Array<{ url: string; bytes: number; headers: IncomingHttpHeaders }>;
}

/** A reverse proxy with a configuration of the documentation. */
export interface DocumentedProxy {
	backend: Backend;
	/** Returns the status of the response. */
	post(path: string, body: string, headers?: Record<string, string>): Promise<number>;
	stop(): Promise<void>;
}

export interface ProxyFiles {
	/** A temporary folder for the configuration and whatever the proxy writes. */
	folder: string;
	/** The port to listen on. */
	port: number;
	/** The address of the backend, which replaces {@link DOCUMENTED_N8N}. */
	backendAddress: string;
}

/** Starts a reverse proxy in front of a backend. `prepare` writes its configuration and returns its arguments. */
export async function startDocumentedProxy(
	program: string,
	prepare: (files: ProxyFiles) => string[],
): Promise<DocumentedProxy> {
	const { backend, server, backendAddress } = await startBackend();
	const [port = 0] = await freePorts(1);
	const folder = mkdtempSync(join(tmpdir(), 'mindpeeker-proxy-'));
	chmodSync(folder, 0o755); // if root starts nginx, its workers run as another user
	const args = prepare({ folder, port, backendAddress });
	const env = { ...process.env, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder };
	const child = spawn(program, args, { env });
	const output: Buffer[] = [];
	for (const stream of [child.stdout, child.stderr]) {
		stream.on('data', (chunk: Buffer) => output.push(chunk));
	}
	const origin = `http://127.0.0.1:${port}`;
	const ended = once(child, 'exit');
	const failed = ended.then(() => {
		throw new Error(`${program} exited:\n${Buffer.concat(output).toString()}`);
	});
	await Promise.race([waitUntilListening(origin), failed]);
	return {
		backend,
		post: async (path, body, headers) => {
			const response = await fetch(origin + path, { method: 'POST', body, headers });
			await response.arrayBuffer();
			return response.status;
		},
		stop: async () => {
			child.kill('SIGTERM');
			await ended;
			server.closeAllConnections();
			server.close();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

async function startBackend() {
	const backend: Backend = { isReady: true, seen: [] };
	const server = createServer(async (request, response) => {
		const bytes = (await buffer(request)).length;
		const { url = '', headers } = request;
		if (url.startsWith('/webhook/')) backend.seen.push({ url, bytes, headers });
		response.writeHead(backend.isReady ? 200 : 503).end();
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	return { backend, server, backendAddress: `127.0.0.1:${port}` };
}

async function waitUntilListening(origin: string): Promise<void> {
	for (let attempt = 0; attempt < 200; attempt++) {
		const response = await fetch(origin).catch(() => undefined);
		if (response) return;
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
	throw new Error('The reverse proxy does not respond');
}
