import { describe, expect, it } from '@jest/globals';

import { EVENT_TYPES } from '../../nodes/shared/events/eventTypes.ts';
import type { Simulator } from '../../simulator/index.mts';
import { sendApiRequest } from '../support/api.mts';
import { FAST_TIME_FACTOR, startTestSimulator, startWithWebhook } from './harness/setup.mts';

const SESSION = { type: 'remote_viewing', target: 'A lighthouse', duration_minutes: 30 };

async function create(simulator: Simulator, input: object = SESSION): Promise<string> {
	const { body } = await sendApiRequest(simulator, 'POST', '/sessions', input);
	return body.session_id;
}

/** Resolves when this event is emitted. */
async function waitForEvent(simulator: Simulator, type: string, progress?: number): Promise<void> {
	await new Promise<void>((resolve) => {
		simulator.on('event', (event) => {
			const matches = progress === undefined || event.data.progress === progress;
			if (event.type === type && matches) resolve();
		});
	});
}

describe('POST /sessions', () => {
	it('responds with 201 and the initiated session', async () => {
		const simulator = await startTestSimulator({ timeFactor: 1 });
		const { status, body } = await sendApiRequest(simulator, 'POST', '/sessions', SESSION);
		expect(status).toBe(201);
		expect(body).toEqual({
			session_id: expect.stringMatching(/^sess_[0-9a-f]{16}$/),
			status: 'initiated',
			created_at: expect.any(String),
			estimated_completion: expect.any(String),
		});
		const estimatedMs = Date.parse(body.estimated_completion) - Date.parse(body.created_at);
		expect(Math.abs(estimatedMs - 30 * 60_000)).toBeLessThanOrEqual(1_000);
	});

	it('requires only a type and a target', async () => {
		const simulator = await startTestSimulator();
		const input = { type: 'dowsing', target: 'Water' };
		const { status } = await sendApiRequest(simulator, 'POST', '/sessions', input);
		expect(status).toBe(201);
	});
});

describe('a session', () => {
	it('emits its events in order, with progress in steps of ten percent', async () => {
		const simulator = await startTestSimulator();
		const emitted: unknown[] = [];
		simulator.on('event', ({ type, data }) => emitted.push([type, data.status, data.progress]));
		await create(simulator);
		await simulator.waitUntilIdle();
		expect(emitted).toEqual([
			['session.created', 'initiated', undefined],
			['session.started', 'in_progress', undefined],
			...[10, 20, 30, 40, 50, 60, 70, 80, 90, 100].map((progress) => [
				'session.progress_updated',
				'in_progress',
				progress,
			]),
			['session.completed', 'completed', undefined],
		]);
	});

	it('delivers its events to the webhooks', async () => {
		const { simulator, receiver } = await startWithWebhook();
		const id = await create(simulator);
		await simulator.waitUntilIdle();
		expect(receiver.events()).toHaveLength(13);
		expect(new Set(receiver.events().map(({ data }) => data.session_id))).toEqual(new Set([id]));
		expect(receiver.events('session.completed')[0]?.data).toMatchObject({
			type: 'remote_viewing',
			target: 'A lighthouse',
			duration_minutes: 30,
			confidence_score: 0.87,
		});
	});

	it('takes its duration divided by the time factor', async () => {
		const simulator = await startTestSimulator({ timeFactor: FAST_TIME_FACTOR / 10 });
		const startedAt = performance.now();
		await create(simulator, { ...SESSION, duration_minutes: 60 });
		await simulator.waitUntilIdle();
		expect(performance.now() - startedAt).toBeGreaterThanOrEqual(350);
	});

	it('is initiated at first', async () => {
		const simulator = await startTestSimulator({ timeFactor: 1 });
		const id = await create(simulator);
		expect((await sendApiRequest(simulator, 'GET', `/sessions/${id}`)).body).toEqual({
			session_id: id,
			status: 'initiated',
			progress: 0,
			current_phase: 'preparation',
			results_available: false,
			estimated_completion: expect.any(String),
		});
	});

	it('shows its progress until it is completed', async () => {
		const simulator = await startTestSimulator({ timeFactor: 3_000 });
		const halfCompleted = waitForEvent(simulator, 'session.progress_updated', 50);
		const id = await create(simulator);
		await halfCompleted;
		const { body } = await sendApiRequest(simulator, 'GET', `/sessions/${id}`);
		expect(body).toMatchObject({
			status: 'in_progress',
			current_phase: 'evaluation',
			results_available: false,
		});
		expect(body.progress).toBeGreaterThanOrEqual(50);
		await simulator.waitUntilIdle();
		expect((await sendApiRequest(simulator, 'GET', `/sessions/${id}`)).body).toMatchObject({
			status: 'completed',
			progress: 100,
			current_phase: 'completed',
			results_available: true,
		});
	});

	it('has results when it is completed, and responds with 409 before', async () => {
		const simulator = await startTestSimulator();
		const completed = waitForEvent(simulator, 'session.completed');
		const slow = await startTestSimulator({ timeFactor: 1 });
		const early = await sendApiRequest(slow, 'GET', `/sessions/${await create(slow)}/results`);
		expect(early.status).toBe(409);
		expect(early.body.error).toMatchObject({ code: 'conflict' });

		const id = await create(simulator, { ...SESSION, modality: 'auditory' });
		await completed;
		const { status, body } = await sendApiRequest(simulator, 'GET', `/sessions/${id}/results`);
		const sample = EVENT_TYPES.find(({ type }) => type === 'session.completed')?.sample;
		expect(status).toBe(200);
		expect(body).toEqual({
			results: sample?.results,
			metadata: { duration_minutes: 30, modality: 'auditory', analyst_id: expect.any(String) },
			validation_metrics: { accuracy: expect.any(Number), reliability: expect.any(Number) },
		});
	});

	it('fails at 50 % without results if its target contains "fail"', async () => {
		const { simulator, receiver } = await startWithWebhook();
		const id = await create(simulator, { ...SESSION, target: 'Failing light' });
		await simulator.waitUntilIdle();
		const { body } = await sendApiRequest(simulator, 'GET', `/sessions/${id}`);
		expect(body).toMatchObject({ status: 'failed', progress: 50, results_available: false });
		expect(receiver.events('session.failed')[0]?.data).toMatchObject({
			session_id: id,
			status: 'failed',
			error: { code: expect.any(String), message: expect.any(String) },
		});
		expect(receiver.events('session.completed')).toEqual([]);
		expect((await sendApiRequest(simulator, 'GET', `/sessions/${id}/results`)).status).toBe(409);
	});

	it('responds with 404 if it is unknown', async () => {
		const simulator = await startTestSimulator();
		for (const path of ['/sessions/sess_none', '/sessions/sess_none/results']) {
			const { status, body } = await sendApiRequest(simulator, 'GET', path);
			expect(status).toBe(404);
			expect(body.error.code).toBe('not_found');
		}
	});
});
