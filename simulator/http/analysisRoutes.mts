import type { FastifyPluginAsync } from 'fastify';

import type { Analyses, AnalysisInput } from '../service/analyses.mts';
import { oneOf } from './jsonSchema.mts';

const list = { type: 'array', items: { type: 'string' }, description: 'must be a list of strings' };

const schema = {
	type: 'object',
	description: 'must be an object',
	required: ['target_type'],
	properties: {
		target_type: oneOf('location', 'person', 'object', 'event'),
		reference_material: {
			type: 'object',
			description: 'must be an object',
			properties: {
				photos: list,
				documents: list,
				coordinates: { type: 'object', description: 'must be an object' },
			},
		},
		analysis_type: oneOf('comprehensive', 'quick_scan', 'deep_dive'),
		priority: oneOf('low', 'medium', 'high', 'urgent'),
	},
};

export function analysisRoutes(analyses: Analyses): FastifyPluginAsync {
	return async (app) => {
		app.post<{ Body: AnalysisInput }>(
			'/analysis/targets',
			{ schema: { body: schema } },
			async ({ body }, reply) => {
				const { analysis_id, status, estimated_completion } = analyses.create(body);
				return reply.code(201).send({ analysis_id, status, estimated_completion });
			},
		);
	};
}
