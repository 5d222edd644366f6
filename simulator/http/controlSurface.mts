import type { FastifyPluginAsync } from 'fastify';

import { EVENT_TYPES } from '../../nodes/shared/events/index.ts';
import type { DeliveryFilter } from '../delivery/delivery.mts';
import type { EventOptions, RawDelivery } from '../platform/publisher.mts';
import type { Service } from '../service.mts';
import { faultControls } from './faultControls.mts';
import { orRefuse } from './refusal.mts';
import { strict } from './schema.mts';
import { webhookControls } from './webhookControls.mts';

const text = { type: 'string' };

const schemas = {
	deliveries: strict({ webhookId: text, url: text, eventId: text, eventType: text, state: text }),
	event: strict(
		{
			type: text,
			data: { type: 'object' },
			payload: { type: 'object' },
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
};

/** The simulator's own controls, for other processes; the same as those of `Simulator`. They need no key. */
export function controlSurface(service: Service): FastifyPluginAsync {
	const { publisher, log, requestLog } = service;
	return async (app) => {
		await webhookControls(service)(app, {});
		await faultControls(service.faults)(app, {});

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

		app.get('/event-types', async () => ({ data: EVENT_TYPES }));
		app.get('/requests', async () => ({ data: requestLog.all() }));
	};
}
