import type { FastifyPluginAsync } from 'fastify';

import type { Service } from '../service/createService.mts';
import { or400, or404 } from './apiError.mts';
import { strictObject } from './jsonSchema.mts';

const testSchema = { ...strictObject({ type: { type: 'string' } }), type: ['object', 'null'] };

type ById = { Params: { id: string } };

/** Changes webhooks from outside n8n, and sends test events. */
export function webhookControlRoutes({ webhooks, publisher }: Service): FastifyPluginAsync {
	return async (app) => {
		app.get('/webhooks', async () => ({ data: webhooks.all() }));
		for (const [action, active] of [
			['pause', false],
			['activate', true],
		] as const) {
			app.post<ById>(`/webhooks/:id/${action}`, async ({ params }) =>
				or404('webhook', webhooks.update(params.id, { active })),
			);
		}
		app.post<ById & { Body: { type?: string } | undefined }>(
			'/webhooks/:id/test',
			{ schema: { body: testSchema } },
			async ({ params, body }, reply) => {
				const webhook = or404('webhook', webhooks.get(params.id));
				const sent = await or400(() => publisher.emitTest(webhook, body?.type));
				return reply.code(201).send(sent);
			},
		);
		app.delete<ById>('/webhooks/:id', async ({ params }, reply) => {
			or404('webhook', webhooks.delete(params.id) || undefined);
			return reply.code(204).send();
		});
	};
}
