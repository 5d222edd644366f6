import type { FastifyPluginAsync } from 'fastify';

import type { DeliveryFilter } from '../delivery/delivery.mts';
import type { Fault } from '../faults/fault.mts';
import type { EventOptions, RawDelivery } from '../platform/publisher.mts';
import type { Service } from '../service.mts';
import { ApiError } from './apiError.mts';

const text = { type: 'string' };
const count = { type: 'integer', minimum: 0 };

const schemas = {
	deliveries: strict({ webhookId: text, url: text, eventId: text, eventType: text, state: text }),
	event: strict(
		{
			type: text,
			data: { type: 'object' },
			id: text,
			livemode: { type: 'boolean' },
			createdAt: text,
		},
		['type'],
	),
	rawDelivery: strict(
		{
			webhookId: text,
			body: text,
			headers: { type: 'object', additionalProperties: { type: ['string', 'null'] } },
			retry: { type: 'boolean' },
		},
		['webhookId', 'body'],
	),
	fault: strict(
		{
			on: { type: 'string', enum: ['api', 'delivery'] },
			kind: text,
			times: count,
			probability: { type: 'number', minimum: 0, maximum: 1 },
			method: text,
			path: text,
			status: { type: 'integer', minimum: 200, maximum: 599 },
			retryAfter: count,
			body: {},
			delayMs: count,
			eventType: text,
			webhookId: text,
			upToAttempt: count,
			afterMs: count,
			hangUp: { type: 'boolean' },
			copies: count,
			withinMs: count,
		},
		['on', 'kind'],
	),
};

type ById = { Params: { id: string } };

/** The simulator's own controls, for other processes; the same as those of `Simulator`. They need no key. */
export function controlSurface(service: Service): FastifyPluginAsync {
	const { webhooks, publisher, log, requestLog, faults } = service;
	return async (app) => {
		app.get<{ Querystring: DeliveryFilter }>(
			'/deliveries',
			{ schema: { querystring: schemas.deliveries } },
			async ({ query }) => ({ data: log.find(query) }),
		);
		app.post<{ Body: RawDelivery }>(
			'/deliveries',
			{ schema: { body: schemas.rawDelivery } },
			async ({ body }, reply) => {
				const deliveryId = await orRefuse(() => publisher.emitRaw(body));
				return reply.code(201).send({ deliveryId });
			},
		);
		app.post<{ Body: EventOptions & { type: string } }>(
			'/events',
			{ schema: { body: schemas.event } },
			async ({ body: { type, ...options } }, reply) =>
				reply.code(201).send(await orRefuse(() => publisher.emit(type, options))),
		);

		app.get('/requests', async () => ({ data: requestLog.all() }));

		app.get('/webhooks', async () => ({ data: webhooks.all() }));
		app.post<ById>('/webhooks/:id/pause', async ({ params }) => {
			const paused = webhooks.update(params.id, { active: false });
			if (!paused) throw new ApiError(404, 'There is no such webhook');
			return paused;
		});
		app.delete<ById>('/webhooks/:id', async ({ params }, reply) => {
			if (!webhooks.remove(params.id)) throw new ApiError(404, 'There is no such webhook');
			return reply.code(204).send();
		});

		app.get('/faults', async () => ({ data: faults.list() }));
		app.post<{ Body: Fault }>(
			'/faults',
			{ schema: { body: schemas.fault } },
			async ({ body }, reply) =>
				reply.code(201).send({ id: await orRefuse(() => faults.add(body)) }),
		);
		app.delete('/faults', async (_request, reply) => {
			faults.clear();
			return reply.code(204).send();
		});
	};
}

/** What the parts refuse with a TypeError or a RangeError is the caller's mistake. */
async function orRefuse<T>(act: () => T): Promise<T> {
	try {
		return act();
	} catch (error) {
		if (error instanceof TypeError || error instanceof RangeError) {
			throw new ApiError(400, error.message);
		}
		throw error;
	}
}

/** Here a misspelt field is an error, so that no test passes without what it asked for. */
function strict(properties: Record<string, object>, required: string[] = []): object {
	return { type: 'object', properties, required, additionalProperties: false };
}
