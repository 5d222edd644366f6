import { readFileSync } from 'node:fs';
import https, { type ServerOptions } from 'node:https';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import tls from 'node:tls';

const readFixture = (name: string, folder = '../fixtures/') =>
	readFileSync(new URL(folder + name, import.meta.url), 'utf8');

/** The test authority. `fixtures/make.sh` creates the certificates. */
export const AUTHORITY_CERTIFICATE = readFixture('authority.pem');
export const readCertificate = (name: 'valid' | 'expired' | 'notYetValid' | 'elsewhere') =>
	readFixture(`${name}.pem`);
/** A self-signed certificate with its key. */
export const SELF_SIGNED = {
	cert: readFixture('certificate.pem', '../../simulator/fixtures/'),
	key: readFixture('key.pem', '../../simulator/fixtures/'),
};

/** Responds with an empty list over HTTPS. */
export function createTlsServer(options: ServerOptions): Server {
	const server = https.createServer({ key: readFixture('key.pem'), ...options });
	return server.on('request', (_request, response) => void response.end('[]'));
}

export function createTcpServer(onConnection: (socket: Socket) => void): Server {
	return createServer((socket) => onConnection(socket.on('error', () => {})));
}

/** Responds with these bytes and closes the connection. */
export const createRawResponder = (bytes: string | Uint8Array) =>
	createTcpServer((socket) => void socket.once('data', () => socket.end(bytes)));

/** Starts the server on 127.0.0.1, runs the callback with its port, and stops it. */
export async function withServer<T>(server: Server, run: (port: number) => Promise<T>): Promise<T> {
	const sockets = new Set<Socket>();
	server.on('connection', (socket: Socket) => sockets.add(socket));
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	try {
		return await run((server.address() as AddressInfo).port);
	} finally {
		for (const socket of sockets) socket.destroy();
		await new Promise((resolve) => server.close(resolve));
	}
}

/** Trusts the test authority during the callback, as NODE_EXTRA_CA_CERTS does for a whole process. */
export async function withTrustedAuthority<T>(run: () => Promise<T>): Promise<T> {
	const { createSecureContext } = tls;
	tls.createSecureContext = (options) =>
		createSecureContext({ ca: AUTHORITY_CERTIFICATE, ...options });
	try {
		return await run();
	} finally {
		tls.createSecureContext = createSecureContext;
	}
}

/** Sets environment variables during the callback. */
export async function withEnvironment<T>(
	variables: Record<string, string>,
	run: () => Promise<T>,
): Promise<T> {
	Object.assign(process.env, variables);
	try {
		return await run();
	} finally {
		for (const name of Object.keys(variables)) delete process.env[name];
	}
}
