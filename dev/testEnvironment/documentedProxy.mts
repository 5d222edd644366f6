import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

import { deleteFolder } from '../lab/childProcesses.mts';
import { freePorts } from '../lab/ports.mts';
import { ServerProcess } from '../lab/queue/serverProcess.mts';
import { createTemporaryFolder } from '../lab/temporaryFolder.mts';

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
	const folder = createTemporaryFolder();
	chmodSync(folder, 0o755); // if root starts nginx, its workers run as another user
	const args = prepare({ folder, port, backendAddress });
	const origin = `http://127.0.0.1:${port}`;
	const proxy = await startProxyProcess([program, ...args], origin, folder);
	return {
		backend,
		post: async (path, body, headers) => {
			const response = await fetch(origin + path, { method: 'POST', body, headers });
			await response.arrayBuffer();
			return response.status;
		},
		stop: async () => {
			await proxy.stop();
			server.closeAllConnections();
			server.close();
			deleteFolder(folder);
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

/** Starts a reverse proxy that listens at an origin. Whatever it writes goes into a folder. It exits with this process. */
export async function startProxyProcess(
	command: string[],
	origin: string,
	folder: string,
	env: Record<string, string> = {},
): Promise<ServerProcess> {
	const proxy = new ServerProcess({
		command,
		cwd: folder,
		env: { ...env, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder },
		stopSignal: 'SIGTERM',
		isReady: async () => await isListening(origin),
	});
	await proxy.start();
	return proxy;
}

async function isListening(origin: string): Promise<boolean> {
	const response = await fetch(origin).catch(() => undefined);
	await response?.body?.cancel();
	return response !== undefined;
}
