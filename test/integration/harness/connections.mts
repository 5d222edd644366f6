import { readFileSync } from 'node:fs';
import https, { type ServerOptions } from 'node:https';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import tls from 'node:tls';

const fixture = (name: string, folder = '../fixtures/') =>
	readFileSync(new URL(folder + name, import.meta.url), 'utf8');

/** Its certificates are made by `fixtures/make.sh`. */
export const AUTHORITY = fixture('authority.pem');
export const certificate = (name: 'valid' | 'expired' | 'notYetValid' | 'elsewhere') =>
	fixture(`${name}.pem`);
/** What a server uses that is its own authority. */
export const SELF_SIGNED = {
	cert: fixture('certificate.pem', '../../simulator/fixtures/'),
	key: fixture('key.pem', '../../simulator/fixtures/'),
};

/** Answers over HTTPS with an empty list. */
export function tlsServer(options: ServerOptions): Server {
	const server = https.createServer({ key: fixture('key.pem'), ...options });
	return server.on('request', (_request, response) => void response.end('[]'));
}

/** Does this with each connection, below HTTP. */
export function rawServer(serve: (socket: Socket) => void): Server {
	return createServer((socket) => serve(socket.on('error', () => {})));
}

/** Answers a request with these bytes, and closes the connection. */
export const saying = (bytes: string | Uint8Array) =>
	rawServer((socket) => void socket.once('data', () => socket.end(bytes)));

/** Does something with a server on 127.0.0.1, and stops it. */
export async function serving<T>(server: Server, act: (port: number) => Promise<T>): Promise<T> {
	const open = new Set<Socket>();
	server.on('connection', (socket: Socket) => open.add(socket));
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	try {
		return await act((server.address() as AddressInfo).port);
	} finally {
		for (const socket of open) socket.destroy();
		await new Promise((resolve) => server.close(resolve));
	}
}

/** Lets this process trust the authority of the tests meanwhile, as NODE_EXTRA_CA_CERTS does from the start on. */
export async function trusting<T>(act: () => Promise<T>): Promise<T> {
	const { createSecureContext } = tls;
	tls.createSecureContext = (options) => createSecureContext({ ca: AUTHORITY, ...options });
	try {
		return await act();
	} finally {
		tls.createSecureContext = createSecureContext;
	}
}

/** Sets variables of n8n's environment meanwhile. */
export async function withEnvironment<T>(
	variables: Record<string, string>,
	act: () => Promise<T>,
): Promise<T> {
	Object.assign(process.env, variables);
	try {
		return await act();
	} finally {
		for (const name of Object.keys(variables)) delete process.env[name];
	}
}
