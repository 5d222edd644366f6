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

const HOST = '127.0.0.1';
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
 * @throws {SimulatorError} if the port is in use
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
	// Without a name, Fastify searches all loaded modules for one.
	const add = async (name: string, plugin: FastifyPluginAsync, prefix = '/') =>
		await app.register(fp(plugin, { name, encapsulate: true }), { prefix });
	await add('management API', managementApi(service), '/v1');
	await add('control API', controlApi(service), '/simulator');

	const { port, apiKeys } = service.settings;
	const getConnectionDetails = () => ({ origin: getOrigin(app), apiKey: apiKeys[0] ?? '' });
	await add('change feed', changeFeed(service, getConnectionDetails), '/simulator');
	await add('page', pageRoutes(getConnectionDetails));
	try {
		await app.listen({ host: HOST, port });
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
		throw new SimulatorError(
			`Port ${port} is in use. Stop the other program or choose another port.`,
		);
	}
	return { origin: getOrigin(app), close: async () => await app.close() };
}

function getOrigin(app: FastifyInstance): string {
	const address = app.server.address() as AddressInfo;
	return `http://${HOST}:${address.port}`;
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
