import type { FastifyPluginAsync } from 'fastify';

import type { JsonObject } from '../../nodes/shared/events/index.ts';
import { EVENT_NAMES } from '../platform/event.mts';
import { withoutSecret, type WebhookChanges, type WebhookInput } from '../platform/webhooks.mts';
import type { Service } from '../service.mts';
import { ApiError } from './apiError.mts';
import { orNotFound } from './refusal.mts';

const DEFAULT_PAGE_SIZE = 20;

const events = {
	type: 'array',
	minItems: 1,
	items: { type: 'string', enum: EVENT_NAMES, description: 'is not the name of an event' },
	description: 'must be a list of at least one event',
};
const active = { type: 'boolean', description: 'must be true or false' };

const schemas = {
	create: {
		type: 'object',
		description: 'must be an object',
		required: ['url', 'events', 'secret'],
		properties: {
			url: { type: 'string', format: 'http-url', description: 'must be an http or https URL' },
			events,
			secret: { type: 'string', minLength: 1, description: 'must be a text that is not empty' },
			active,
		},
	},
	update: { type: 'object', description: 'must be an object', properties: { events, active } },
	list: {
		type: 'object',
		properties: {
			limit: {
				type: 'string',
				pattern: '^([1-9][0-9]?|100)$',
				description: 'must be a whole number from 1 to 100',
			},
			cursor: { type: 'string', description: 'must be one text' },
		},
	},
	test: {
		type: ['object', 'null'],
		description: 'must be an object',
		properties: {
			event_type: { type: 'string', enum: EVENT_NAMES, description: 'is not the name of an event' },
			test_data: { type: 'object', description: 'must be an object' },
		},
	},
};

type ById = { Params: { id: string } };
type TestInput = { event_type?: string; test_data?: JsonObject } | undefined;

export function webhookRoutes({ webhooks, publisher, settings }: Service): FastifyPluginAsync {
	return async (app) => {
		app.post<{ Body: WebhookInput }>(
			'/webhooks',
			{ schema: { body: schemas.create } },
			async ({ body }, reply) => {
				if (settings.uniqueUrls && webhooks.all().some(({ url }) => url === body.url)) {
					throw new ApiError(409, 'There is a webhook with this url', { param: 'url' });
				}
				return reply.code(201).send(withoutSecret(webhooks.add(body)));
			},
		);

		app.get<{ Querystring: { limit?: string; cursor?: string } }>(
			'/webhooks',
			{ schema: { querystring: schemas.list } },
			async ({ query }) => {
				const page = webhooks.page(Number(query.limit ?? DEFAULT_PAGE_SIZE), query.cursor);
				if (!page) throw new ApiError(400, 'cursor is not from a page', { param: 'cursor' });
				const { entries, nextCursor } = page;
				return {
					data: entries.map(withoutSecret),
					has_more: nextCursor !== null,
					next_cursor: nextCursor,
				};
			},
		);

		app.patch<ById & { Body: WebhookChanges }>(
			'/webhooks/:id',
			{ schema: { body: schemas.update } },
			async ({ params, body }) =>
				withoutSecret(orNotFound('webhook', webhooks.update(params.id, body))),
		);

		app.delete<ById>('/webhooks/:id', async ({ params }, reply) => {
			orNotFound('webhook', webhooks.remove(params.id) || undefined);
			return reply.code(204).send();
		});

		app.post<ById & { Body: TestInput }>(
			'/webhooks/:id/test',
			{ schema: { body: schemas.test } },
			async ({ params, body }) => {
				const webhook = orNotFound('webhook', webhooks.get(params.id));
				const { event } = publisher.emitTest(webhook, body?.event_type, body?.test_data);
				return {
					event_id: event.id,
					event_type: event.type,
					webhook_id: webhook.id,
					status: 'queued',
				};
			},
		);
	};
}
