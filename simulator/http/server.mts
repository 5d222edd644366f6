import type { AddressInfo } from 'node:net';

import AjvCompiler from '@fastify/ajv-compiler';
import { fastify, type FastifyInstance, type FastifyPluginAsync } from 'fastify';
import fp from 'fastify-plugin';

import { SimulatorError } from '../options.mts';
import type { Service } from '../service.mts';
import { answerError, refuseUnknownRoute } from './apiError.mts';
import { controlSurface } from './controlSurface.mts';
import { managementApi } from './managementApi.mts';
import { pageRoutes } from './pageRoutes.mts';
import { streamRoute } from './streamRoute.mts';

const HOST = '127.0.0.1';
/** Shared, so that the schemas are compiled once in a process that starts many simulators. */
const buildValidator = AjvCompiler();

export interface RunningServer {
	/** Such as `http://127.0.0.1:4010`. */
	origin: string;
	close(): Promise<void>;
}

/**
 * Serves the management API under `/v1`, the simulator's own controls under `/simulator`, and its page.
 *
 * @throws {SimulatorError} where the port is in use
 */
export async function listen(service: Service): Promise<RunningServer> {
	const app = fastify({
		forceCloseConnections: true,
		schemaController: { compilersFactory: { buildValidator } },
		ajv: {
			// The service takes what it is sent as it is: no conversion, and what it does not know is ignored.
			customOptions: {
				coerceTypes: false,
				removeAdditional: false,
				verbose: true,
				formats: { 'http-url': isHttpUrl },
			},
		},
	});
	app.setErrorHandler(answerError);
	app.setNotFoundHandler(refuseUnknownRoute);
	acceptEmptyJson(app);
	// Without a name, Fastify searches all loaded modules for one.
	const add = async (name: string, plugin: FastifyPluginAsync, prefix = '/') =>
		await app.register(fp(plugin, { name, encapsulate: true }), { prefix });
	await add('management API', managementApi(service), '/v1');
	await add('controls', controlSurface(service), '/simulator');

	const { port, apiKeys } = service.settings;
	const access = () => ({ origin: originOf(app), apiKey: apiKeys[0] ?? '' });
	await add('stream', streamRoute(service, access), '/simulator');
	await add('page', pageRoutes(access));
	try {
		await app.listen({ host: HOST, port });
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
		throw new SimulatorError(
			`Port ${port} is in use. End what listens there, or choose another port.`,
		);
	}
	return { origin: originOf(app), close: async () => await app.close() };
}

function originOf(app: FastifyInstance): string {
	const address = app.server.address() as AddressInfo;
	return `http://${HOST}:${address.port}`;
}

/** Many clients name the type of a body also where they send none. */
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
