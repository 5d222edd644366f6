import type { FastifyPluginAsync } from 'fastify';

import type { Service } from '../service/createService.mts';
import { convertTo400, requireFound } from './apiError.mts';
import { strictObject, text, type ById } from './jsonSchema.mts';

const testSchema = { ...strictObject({ type: text }), type: ['object', 'null'] };

/** Changes webhooks from outside n8n, and sends test events. */
export function webhookControlRoutes({ webhooks, publisher }: Service): FastifyPluginAsync {
	return async (app) => {
		app.get('/webhooks', async () => ({ data: webhooks.all() }));
		for (const [action, active] of [
			['pause', false],
			['activate', true],
		] as const) {
			app.post<ById>(`/webhooks/:id/${action}`, async ({ params }) =>
				requireFound('webhook', webhooks.update(params.id, { active })),
			);
		}
		app.post<ById & { Body: { type?: string } | undefined }>(
			'/webhooks/:id/test',
			{ schema: { body: testSchema } },
			async ({ params, body }, reply) => {
				const webhook = requireFound('webhook', webhooks.get(params.id));
				const sent = await convertTo400(() => publisher.emitTest(webhook, body?.type));
				return reply.code(201).send(sent);
			},
		);
		app.delete<ById>('/webhooks/:id', async ({ params }, reply) => {
			requireFound('webhook', webhooks.delete(params.id) || undefined);
			return reply.code(204).send();
		});
	};
}
