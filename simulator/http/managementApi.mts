import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify';

import type { Service } from '../service/createService.mts';
import { analysisRoutes } from './analysisRoutes.mts';
import { ApiError, handleUnknownRoute } from './apiError.mts';
import { injectRequestFault, injectResponseFault } from './requestFaults.mts';
import { sessionRoutes } from './sessionRoutes.mts';
import { webhookRoutes } from './webhookRoutes.mts';

/** MindPeeker's API below the base URL, with authentication, rate limit, request log and faults. */
export function managementApi(service: Service): FastifyPluginAsync {
	const { settings, requestLog, rateLimiter } = service;
	return async (app) => {
		// In this scope, so that the hooks apply to unknown routes, too.
		app.setNotFoundHandler(handleUnknownRoute);
		app.decorateRequest('recorder');
		app.decorateRequest('fault');
		app.addHook('onRequest', async (request) => {
			const { method, url: path, headers } = request;
			request.recorder = requestLog.add({ method, path, headers });
			const key = readApiKey(request);
			if (key === undefined || !settings.apiKeys.includes(key)) {
				throw new ApiError(401, 'The API key is missing or not valid');
			}
			const retryAfter = rateLimiter.count(key);
			if (retryAfter !== undefined) {
				throw new ApiError(429, 'Rate limit exceeded', { retryAfter });
			}
		});
		app.addHook('preValidation', async (request) => request.recorder?.setBody(request.body));
		app.addHook('preValidation', injectRequestFault(service.faults));
		app.addHook('onSend', injectResponseFault(service.clock));

		await webhookRoutes(service)(app, {});
		await sessionRoutes(service.sessions)(app, {});
		await analysisRoutes(service.analyses)(app, {});
		addAccountRoute(app, settings.requestsPerMinute);
	};
}

function readApiKey({ headers }: FastifyRequest): string | undefined {
	const { authorization, 'x-api-key': apiKey } = headers;
	if (authorization !== undefined) return /^Bearer (\S+)$/i.exec(authorization)?.[1];
	return typeof apiKey === 'string' ? apiKey : undefined;
}

function addAccountRoute(app: FastifyInstance, requestsPerMinute: number): void {
	app.get('/users/me', async () => ({
		success: true,
		data: {
			id: 'user_123456789',
			email: 'viewer@example.com',
			plan: 'professional',
			requests_per_minute: requestsPerMinute,
		},
	}));
}
