import { describe, expect, it } from '@jest/globals';

import { EVENT_TYPES } from '../../nodes/shared/events/index.ts';
import { answering } from './harness/receiver.mts';
import { callApi, register } from '../support/api.mts';
import { receive, simulate, stage } from './harness/world.mts';

describe('POST /webhooks/{id}/test', () => {
	it('without a body sends the sample of the first type chosen, not in live mode', async () => {
		const simulator = await simulate();
		const receiver = await receive();
		const id = await register(simulator, receiver.url, ['dowsing.query_failed', 'session.failed']);
		const { status, body } = await callApi(simulator, 'POST', `/webhooks/${id}/test`);
		await simulator.idle();
		expect(status).toBe(200);
		expect(body).toEqual({
			event_id: receiver.events()[0]?.id,
			event_type: 'dowsing.query_failed',
			webhook_id: id,
			status: 'queued',
		});
		expect(receiver.events()).toMatchObject([
			{
				type: 'dowsing.query_failed',
				livemode: false,
				data: EVENT_TYPES.find(({ type }) => type === 'dowsing.query_failed')?.sample,
			},
		]);
	});

	it('sends the type asked for, with test_data laid over its sample', async () => {
		const { simulator, receiver, webhookId } = await stage();
		await callApi(simulator, 'POST', `/webhooks/${webhookId}/test`, {
			event_type: 'session.completed',
			test_data: { confidence_score: 0.1, mood: 'calm', results: { descriptors: [] } },
		});
		await simulator.idle();
		const sample = EVENT_TYPES.find(({ type }) => type === 'session.completed')?.sample;
		expect(receiver.events()[0]?.data).toEqual({
			...sample,
			confidence_score: 0.1,
			mood: 'calm',
			results: { descriptors: [] },
		});
	});

	it('sends a fresh event each time, to that webhook alone', async () => {
		const { simulator, receiver, webhookId } = await stage();
		const other = await receive();
		await register(simulator, other.url);
		await callApi(simulator, 'POST', `/webhooks/${webhookId}/test`);
		await callApi(simulator, 'POST', `/webhooks/${webhookId}/test`);
		await simulator.idle();
		expect(new Set(receiver.events().map(({ id }) => id)).size).toBe(2);
		expect(other.received).toEqual([]);
	});

	it('reaches a paused webhook, with a type it did not choose', async () => {
		const simulator = await simulate();
		const receiver = await receive();
		const id = await register(simulator, receiver.url, ['session.failed']);
		simulator.pauseWebhook(id);
		const input = { event_type: 'analysis.created' };
		await callApi(simulator, 'POST', `/webhooks/${id}/test`, input);
		await simulator.idle();
		expect(receiver.events().map(({ type }) => type)).toEqual(['analysis.created']);
	});

	it('is retried like any other delivery', async () => {
		const { simulator, webhookId } = await stage({ answer: answering(500) });
		const { body } = await callApi(simulator, 'POST', `/webhooks/${webhookId}/test`);
		const { attempts } = await simulator.waitForDelivery(body.event_id);
		expect(attempts).toHaveLength(7);
		expect(simulator.webhooks()[0]?.status).toBe('failed');
	});
});
