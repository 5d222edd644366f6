import type { AddressInfo } from 'node:net';

import AjvCompiler from '@fastify/ajv-compiler';
import { fastify, type FastifyInstance, type FastifyPluginAsync } from 'fastify';
import fp from 'fastify-plugin';

import { SimulatorError } from '../options.mts';
import type { Service } from '../service/createService.mts';
import { handleError, handleUnknownRoute } from './apiError.mts';
import { changeFeed } from './changeFeed.mts';
import { controlApi } from './controlApi.mts';
import { managementApi } from './managementApi.mts';
import { pageRoutes } from './pageRoutes.mts';
import { rejectOtherSites } from './rejectOtherSites.mts';

/** They mean all addresses of the machine. */
const WILDCARDS = ['0.0.0.0', '::'];
const LISTEN_ERRORS: Record<string, string> = {
	EADDRNOTAVAIL: 'is not an address of this machine.',
	EADDRINUSE: 'is in use. Stop the other program or choose another port.',
	ENOTFOUND: 'is not an address of this machine.',
};
// Shared, so that a process with many simulators compiles each schema once.
const buildValidator = AjvCompiler();

export interface RunningServer {
	/** Such as `http://127.0.0.1:4010`. */
	origin: string;
	close(): Promise<void>;
}

/**
 * Serves the management API at `/v1`, the control API at `/simulator`, and the page at `/`.
 *
 * @throws {SimulatorError} if the port is in use, or the host is not this machine
 */
export async function startServer(service: Service): Promise<RunningServer> {
	const app = fastify({
		forceCloseConnections: true,
		schemaController: { compilersFactory: { buildValidator } },
		ajv: {
			// The API ignores unknown properties and does not convert types.
			customOptions: {
				coerceTypes: false,
				removeAdditional: false,
				verbose: true,
				formats: { 'http-url': isHttpUrl },
			},
		},
	});
	app.setErrorHandler(handleError);
	app.setNotFoundHandler(handleUnknownRoute);
	acceptEmptyJson(app);
	const { host, port, apiKeys } = service.settings;
	app.addHook('onRequest', async ({ headers }) => rejectOtherSites(headers, host));
	// Without a name, Fastify searches all loaded modules for one.
	const add = async (name: string, plugin: FastifyPluginAsync, prefix = '/') =>
		await app.register(fp(plugin, { name, encapsulate: true }), { prefix });
	await add('management API', managementApi(service), '/v1');
	await add('control API', controlApi(service), '/simulator');

	const getConnectionDetails = () => ({ origin: getOrigin(app), apiKey: apiKeys[0] ?? '' });
	await add('change feed', changeFeed(service, getConnectionDetails), '/simulator');
	await add('page', pageRoutes(getConnectionDetails));
	try {
		await app.listen({ host, port });
	} catch (error) {
		throw describeListenError(error as NodeJS.ErrnoException, host, port);
	}
	return { origin: getOrigin(app), close: async () => await app.close() };
}

function getOrigin(app: FastifyInstance): string {
	const { address, family, port } = app.server.address() as AddressInfo;
	if (WILDCARDS.includes(address)) return `http://127.0.0.1:${port}`;
	return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

function describeListenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
	const name = error.code === 'EADDRINUSE' ? `Port ${port}` : `Host ${host}`;
	const problem = LISTEN_ERRORS[error.code ?? ''];
	return problem === undefined ? error : new SimulatorError(`${name} ${problem}`);
}

/** Many clients send the content type even without a body. */
function acceptEmptyJson(app: FastifyInstance): void {
	const parseJson = app.getDefaultJsonParser('error', 'error');
	app.addContentTypeParser<string>(
		'application/json',
		{ parseAs: 'string' },
		(request, body, done) => {
			if (body === '') done(null, undefined);
			else parseJson(request, body, done);
		},
	);
}

function isHttpUrl(text: string): boolean {
	return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
}
