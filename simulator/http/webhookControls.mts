import type { FastifyPluginAsync } from 'fastify';

import type { Service } from '../service.mts';
import { orNotFound, orRefuse } from './refusal.mts';
import { strict } from './schema.mts';

const testSchema = { ...strict({ type: { type: 'string' } }), type: ['object', 'null'] };

type ById = { Params: { id: string } };

/** What can be done to a webhook behind its owner's back, and a test event for it. */
export function webhookControls({ webhooks, publisher }: Service): FastifyPluginAsync {
	return async (app) => {
		app.get('/webhooks', async () => ({ data: webhooks.all() }));
		for (const [action, active] of [
			['pause', false],
			['activate', true],
		] as const) {
			app.post<ById>(`/webhooks/:id/${action}`, async ({ params }) =>
				orNotFound('webhook', webhooks.update(params.id, { active })),
			);
		}
		app.post<ById & { Body: { type?: string } | undefined }>(
			'/webhooks/:id/test',
			{ schema: { body: testSchema } },
			async ({ params, body }, reply) => {
				const webhook = orNotFound('webhook', webhooks.get(params.id));
				const sent = await orRefuse(() => publisher.emitTest(webhook, body?.type));
				return reply.code(201).send(sent);
			},
		);
		app.delete<ById>('/webhooks/:id', async ({ params }, reply) => {
			orNotFound('webhook', webhooks.remove(params.id) || undefined);
			return reply.code(204).send();
		});
	};
}
