import { describe, expect, it } from '@jest/globals';

import { callApi } from '../support/api.mts';
import { simulate, stage } from './harness/world.mts';

describe('POST /analysis/targets', () => {
	it('answers 201 with the queued analysis', async () => {
		const simulator = await simulate({ timeFactor: 1 });
		const before = Date.now();
		const { status, body } = await callApi(simulator, 'POST', '/analysis/targets', {
			target_type: 'object',
			analysis_type: 'quick_scan',
			priority: 'urgent',
			reference_material: { photos: ['a.png'], documents: [], coordinates: { latitude: 1 } },
		});
		expect(status).toBe(201);
		expect(body).toEqual({
			analysis_id: expect.stringMatching(/^anal_[0-9a-f]{16}$/),
			status: 'queued',
			estimated_completion: expect.any(String),
		});
		const takesMs = Date.parse(body.estimated_completion) - before;
		expect(Math.abs(takesMs - 5 * 60_000)).toBeLessThan(5_000);
	});
});

describe('an analysis', () => {
	it('emits its events in order, about itself', async () => {
		const { simulator, receiver } = await stage();
		const seen: unknown[] = [];
		simulator.on('event', ({ type, data }) => seen.push([type, data.status]));
		const input = { target_type: 'person' };
		const { body } = await callApi(simulator, 'POST', '/analysis/targets', input);
		await simulator.idle();
		expect(seen).toEqual([
			['analysis.created', 'queued'],
			['analysis.started', 'in_progress'],
			['analysis.completed', 'completed'],
		]);
		expect(receiver.events('analysis.completed')[0]?.data).toMatchObject({
			analysis_id: body.analysis_id,
			target_type: 'person',
			processing_time: '45 minutes',
			confidence_score: 0.91,
		});
	});

	it('whose material contains "fail" fails at its end', async () => {
		const { simulator, receiver } = await stage();
		const { body } = await callApi(simulator, 'POST', '/analysis/targets', {
			target_type: 'event',
			reference_material: { documents: ['Failures of 1911.pdf'] },
		});
		await simulator.idle();
		expect(receiver.events('analysis.failed')[0]?.data).toMatchObject({
			analysis_id: body.analysis_id,
			status: 'failed',
			error: { code: expect.any(String) },
		});
		expect(receiver.events('analysis.completed')).toEqual([]);
	});
});
