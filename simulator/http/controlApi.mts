import type { FastifyPluginAsync } from 'fastify';

import { EVENT_TYPES } from '../../nodes/shared/events/eventTypes.ts';
import type { DeliveryFilter } from '../delivery/delivery.mts';
import type { Service } from '../service/createService.mts';
import type { EventOptions, RawDelivery } from '../service/eventPublisher.mts';
import { convertTo400 } from './apiError.mts';
import { faultControlRoutes } from './faultControlRoutes.mts';
import { strictObject, text } from './jsonSchema.mts';
import { webhookControlRoutes } from './webhookControlRoutes.mts';

const schemas = {
	deliveries: strictObject({
		webhookId: text,
		url: text,
		eventId: text,
		eventType: text,
		state: text,
	}),
	event: strictObject(
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
	rawDelivery: strictObject(
		{
			webhookId: text,
			body: text,
			headers: { type: 'object', additionalProperties: { type: ['string', 'null'] } },
			retry: { type: 'boolean' },
		},
		['webhookId', 'body'],
	),
};

/** Controls the simulator over HTTP, without an API key. Equivalent to the methods of `Simulator`. */
export function controlApi(service: Service): FastifyPluginAsync {
	const { publisher, deliveryLog, requestLog } = service;
	return async (app) => {
		await webhookControlRoutes(service)(app, {});
		await faultControlRoutes(service.faults)(app, {});

		app.get<{ Querystring: DeliveryFilter }>(
			'/deliveries',
			{ schema: { querystring: schemas.deliveries } },
			async ({ query }) => ({ data: deliveryLog.find(query) }),
		);
		app.post<{ Body: RawDelivery }>(
			'/deliveries',
			{ schema: { body: schemas.rawDelivery } },
			async ({ body }, reply) => {
				const deliveryId = await convertTo400(() => publisher.emitRaw(body));
				return reply.code(201).send({ deliveryId });
			},
		);
		app.post<{ Body: EventOptions & { type: string } }>(
			'/events',
			{ schema: { body: schemas.event } },
			async ({ body: { type, ...options } }, reply) =>
				reply.code(201).send(await convertTo400(() => publisher.emit(type, options))),
		);

		app.get('/event-types', async () => ({ data: EVENT_TYPES }));
		app.get('/requests', async () => ({ data: requestLog.all() }));
	};
}
