import type { FastifyPluginAsync } from 'fastify';

import {
	createSessionResults,
	getPhase,
	type SessionInput,
	type Sessions,
} from '../service/sessions.mts';
import { ApiError, requireFound } from './apiError.mts';
import { oneOf, type ById } from './jsonSchema.mts';

const schema = {
	type: 'object',
	description: 'must be an object',
	required: ['type', 'target'],
	properties: {
		type: oneOf('remote_viewing', 'dowsing', 'automatic_writing'),
		target: { type: 'string', minLength: 1, description: 'must be a string that is not empty' },
		modality: oneOf('visual', 'kinesthetic', 'auditory'),
		duration_minutes: {
			type: 'number',
			exclusiveMinimum: 0,
			maximum: 1440,
			description: 'must be a number above 0, at most 1440',
		},
		privacy_level: oneOf('public', 'private', 'classified'),
	},
};

export function sessionRoutes(sessions: Sessions): FastifyPluginAsync {
	return async (app) => {
		const find = (id: string) => requireFound('session', sessions.get(id));

		app.post<{ Body: SessionInput }>(
			'/sessions',
			{ schema: { body: schema } },
			async ({ body }, reply) => {
				const { session_id, status, created_at, estimated_completion } = sessions.create(body);
				return reply.code(201).send({ session_id, status, created_at, estimated_completion });
			},
		);

		app.get<ById>('/sessions/:id', async ({ params }) => {
			const session = find(params.id);
			const { session_id, status, progress, estimated_completion } = session;
			return {
				session_id,
				status,
				progress,
				current_phase: getPhase(session),
				results_available: status === 'completed',
				estimated_completion,
			};
		});

		app.get<ById>('/sessions/:id/results', async ({ params }) => {
			const session = find(params.id);
			if (session.status === 'completed') return createSessionResults(session);
			throw new ApiError(409, `The session has no results. Its status is ${session.status}`);
		});
	};
}
