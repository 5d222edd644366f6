import type { FastifyPluginAsync } from 'fastify';

import type { Fault } from '../faults/fault.mts';
import type { FaultInjector } from '../faults/faultInjector.mts';
import { convertTo400, requireFound } from './apiError.mts';
import { strictObject, text, type ById } from './jsonSchema.mts';

const count = { type: 'integer', minimum: 0 };

const faultSchema = strictObject(
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
);

export function faultControlRoutes(faults: FaultInjector): FastifyPluginAsync {
	return async (app) => {
		app.get('/faults', async () => ({ data: faults.list() }));
		app.post<{ Body: Fault }>(
			'/faults',
			{ schema: { body: faultSchema } },
			async ({ body }, reply) =>
				reply.code(201).send({ id: await convertTo400(() => faults.add(body)) }),
		);
		app.delete('/faults', async (_request, reply) => {
			faults.clear();
			return reply.code(204).send();
		});
		app.delete<ById>('/faults/:id', async ({ params }, reply) => {
			requireFound('fault', faults.clear(params.id) || undefined);
			return reply.code(204).send();
		});
	};
}
