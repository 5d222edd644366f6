import type { FastifyPluginAsync, FastifyRequest } from 'fastify';

import type { Service } from '../service.mts';
import { accountRoutes } from './accountRoutes.mts';
import { analysisRoutes } from './analysisRoutes.mts';
import { ApiError, refuseUnknownRoute } from './apiError.mts';
import { strikeAnswer, strikeCall } from './callFaults.mts';
import { sessionRoutes } from './sessionRoutes.mts';
import { webhookRoutes } from './webhookRoutes.mts';
import './requestState.mts';

/** What the service offers under its base url: recorded, guarded by a key, limited, and struck by faults. */
export function managementApi(service: Service): FastifyPluginAsync {
	return async (app) => {
		// In this scope, so that unknown routes are recorded and guarded like the others.
		app.setNotFoundHandler(refuseUnknownRoute);
		app.decorateRequest('recorded');
		app.decorateRequest('fault');
		app.addHook('onRequest', async (request) => {
			const { method, url: path, headers } = request;
			request.recorded = service.requestLog.add({ method, path, headers });
			const key = keyOf(request);
			if (key === undefined || !service.settings.apiKeys.includes(key)) {
				throw new ApiError(401, 'The API key is missing or not valid');
			}
			const retryAfter = service.rateLimit.count(key);
			if (retryAfter !== undefined) {
				throw new ApiError(429, 'The rate limit is used up', { retryAfter });
			}
		});
		app.addHook('preValidation', async (request) => request.recorded?.read(request.body));
		app.addHook('preValidation', strikeCall(service.faults));
		app.addHook('onSend', strikeAnswer(service.clock));

		await webhookRoutes(service)(app, {});
		await sessionRoutes(service.sessions)(app, {});
		await analysisRoutes(service.analyses)(app, {});
		await accountRoutes(service.settings.requestsPerMinute)(app, {});
	};
}

function keyOf({ headers }: FastifyRequest): string | undefined {
	const { authorization, 'x-api-key': apiKey } = headers;
	if (authorization !== undefined) return /^Bearer (\S+)$/i.exec(authorization)?.[1];
	return typeof apiKey === 'string' ? apiKey : undefined;
}
