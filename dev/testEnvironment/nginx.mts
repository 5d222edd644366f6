import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';

import { findExecutable } from '../lab/findExecutable.mts';
import { freePorts } from '../lab/ports.mts';

/** A server in place of n8n. */
interface Backend {
	isReady: boolean;
	seen: Array<{ url: string; bytes: number; headers: IncomingHttpHeaders }>;
}

export interface Nginx {
	backend: Backend;
	/** Returns the status of the response. */
	post(path: string, body: string): Promise<number>;
	stop(): Promise<void>;
}

/** Returns how to install nginx, or undefined if it is installed. */
export function findMissingNginx(): string | undefined {
	return findNginx() ? undefined : 'nginx was not found. Install it (apt-get install nginx).';
}

function findNginx(): string | undefined {
	return findExecutable(['nginx'], ['/usr/sbin', '/usr/local/sbin']);
}

/**
 * Starts nginx with one configuration inside its `server` block and one before it. Requests to n8n's address go to the
 * backend.
 */
export async function startNginx(inServer: string, beforeServer: string): Promise<Nginx> {
	const { backend, server, port } = await startBackend();
	const [listen = 0] = await freePorts(1);
	const folder = mkdtempSync(join(tmpdir(), 'mindpeeker-nginx-'));
	chmodSync(folder, 0o755); // if root starts nginx, its workers run as another user
	const program = findNginx() ?? 'nginx';
	const file = join(folder, 'nginx.conf');
	const serverConfiguration = inServer.replaceAll('127.0.0.1:5678', `127.0.0.1:${port}`);
	writeFileSync(file, createConfiguration(serverConfiguration, beforeServer, listen));
	const args = ['-p', folder, '-e', join(folder, 'error.log'), '-c', file];
	const check = spawnSync(program, ['-t', ...args], { encoding: 'utf8' });
	if (check.status !== 0) throw new Error(check.stderr);
	const child = spawn(program, args, { stdio: 'inherit' });
	const origin = `http://127.0.0.1:${listen}`;
	const ended = once(child, 'exit');
	const failed = ended.then(() => Promise.reject(new Error('nginx exited')));
	await Promise.race([waitUntilListening(origin), failed]);
	return {
		backend,
		post: async (path, body) => {
			const response = await fetch(origin + path, { method: 'POST', body });
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
	return { backend, server, port: (server.address() as AddressInfo).port };
}

function createConfiguration(inServer: string, beforeServer: string, port: number): string {
	const server = `${beforeServer}\nserver {\n listen 127.0.0.1:${port};\n${inServer}}`;
	const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
	const temporaryPaths = temporary.map((name) => `${name}_temp_path ${name};`).join('\n');
	return `daemon off;\npid nginx.pid;\nevents { worker_connections 4096; }\nhttp {\naccess_log off;\n${temporaryPaths}\n${server}\n}\n`;
}

async function waitUntilListening(origin: string): Promise<void> {
	for (let attempt = 0; attempt < 100; attempt++) {
		const response = await fetch(origin).catch(() => undefined);
		if (response) return;
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
	throw new Error('nginx does not respond');
}
