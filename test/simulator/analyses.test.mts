import { describe, expect, it } from '@jest/globals';

import { sendApiRequest } from '../support/api.mts';
import { startTestSimulator, startWithWebhook } from './harness/setup.mts';

describe('POST /analysis/targets', () => {
	it('responds with 201 and the queued analysis', async () => {
		const simulator = await startTestSimulator({ timeFactor: 1 });
		const before = Date.now();
		const { status, body } = await sendApiRequest(simulator, 'POST', '/analysis/targets', {
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
		const durationMs = Date.parse(body.estimated_completion) - before;
		expect(Math.abs(durationMs - 5 * 60_000)).toBeLessThan(5_000);
	});
});

describe('an analysis', () => {
	it('emits its events in order', async () => {
		const { simulator, receiver } = await startWithWebhook();
		const emitted: unknown[] = [];
		simulator.on('event', ({ type, data }) => emitted.push([type, data.status]));
		const input = { target_type: 'person' };
		const { body } = await sendApiRequest(simulator, 'POST', '/analysis/targets', input);
		await simulator.waitUntilIdle();
		expect(emitted).toEqual([
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

	it('fails at the end if its material contains "fail"', async () => {
		const { simulator, receiver } = await startWithWebhook();
		const { body } = await sendApiRequest(simulator, 'POST', '/analysis/targets', {
			target_type: 'event',
			reference_material: { documents: ['Failures of 1911.pdf'] },
		});
		await simulator.waitUntilIdle();
		expect(receiver.events('analysis.failed')[0]?.data).toMatchObject({
			analysis_id: body.analysis_id,
			status: 'failed',
			error: { code: expect.any(String) },
		});
		expect(receiver.events('analysis.completed')).toEqual([]);
	});
});
