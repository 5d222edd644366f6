import type { FastifyInstance, FastifyPluginAsync } from 'fastify';

import type { JsonObject } from '../../nodes/shared/values.ts';
import { EVENT_NAMES } from '../service/event.mts';
import type { Service } from '../service/createService.mts';
import { omitSecret, type WebhookChanges, type WebhookInput } from '../service/webhooks.mts';
import { ApiError, requireFound } from './apiError.mts';
import type { ById } from './jsonSchema.mts';

const DEFAULT_PAGE_SIZE = 20;

const events = {
	type: 'array',
	minItems: 1,
	items: { type: 'string', enum: EVENT_NAMES, description: 'is not an event type' },
	description: 'must be a list with at least one event type',
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
			secret: { type: 'string', minLength: 1, description: 'must be a string that is not empty' },
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
			cursor: { type: 'string', description: 'must be one string' },
		},
	},
	test: {
		type: ['object', 'null'],
		description: 'must be an object',
		properties: {
			event_type: { type: 'string', enum: EVENT_NAMES, description: 'is not an event type' },
			test_data: { type: 'object', description: 'must be an object' },
		},
	},
};

type ListQuery = { limit?: string; cursor?: string };
type TestInput = { event_type?: string; test_data?: JsonObject } | undefined;

export function webhookRoutes(service: Service): FastifyPluginAsync {
	return async (app) => {
		addCreate(app, service);
		addList(app, service);
		addUpdate(app, service);
		addDelete(app, service);
		addTest(app, service);
	};
}

function addCreate(app: FastifyInstance, { webhooks, settings }: Service): void {
	app.post<{ Body: WebhookInput }>(
		'/webhooks',
		{ schema: { body: schemas.create } },
		async ({ body }, reply) => {
			if (settings.uniqueUrls && webhooks.all().some(({ url }) => url === body.url)) {
				throw new ApiError(409, 'A webhook with this url exists already', { param: 'url' });
			}
			return reply.code(201).send(omitSecret(webhooks.add(body)));
		},
	);
}

function addList(app: FastifyInstance, { webhooks }: Service): void {
	app.get<{ Querystring: ListQuery }>(
		'/webhooks',
		{ schema: { querystring: schemas.list } },
		async ({ query }) => {
			const page = webhooks.listPage(Number(query.limit ?? DEFAULT_PAGE_SIZE), query.cursor);
			if (!page) throw new ApiError(400, 'cursor is not valid', { param: 'cursor' });
			const { entries, nextCursor } = page;
			return {
				data: entries.map(omitSecret),
				has_more: nextCursor !== null,
				next_cursor: nextCursor,
			};
		},
	);
}

function addUpdate(app: FastifyInstance, { webhooks }: Service): void {
	app.patch<ById & { Body: WebhookChanges }>(
		'/webhooks/:id',
		{ schema: { body: schemas.update } },
		async ({ params, body }) =>
			omitSecret(requireFound('webhook', webhooks.update(params.id, body))),
	);
}

function addDelete(app: FastifyInstance, { webhooks }: Service): void {
	app.delete<ById>('/webhooks/:id', async ({ params }, reply) => {
		requireFound('webhook', webhooks.delete(params.id) || undefined);
		return reply.code(204).send();
	});
}

function addTest(app: FastifyInstance, { webhooks, publisher }: Service): void {
	app.post<ById & { Body: TestInput }>(
		'/webhooks/:id/test',
		{ schema: { body: schemas.test } },
		async ({ params, body }) => {
			const webhook = requireFound('webhook', webhooks.get(params.id));
			const { event } = publisher.emitTest(webhook, body?.event_type, body?.test_data);
			return {
				event_id: event.id,
				event_type: event.type,
				webhook_id: webhook.id,
				status: 'queued',
			};
		},
	);
}
