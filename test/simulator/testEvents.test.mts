import { describe, expect, it } from '@jest/globals';

import { EVENT_TYPES } from '../../nodes/shared/events/eventTypes.ts';
import { ATTEMPTS } from './harness/apiDocs.mts';
import { respondWith } from './harness/receiver.mts';
import { sendApiRequest, createWebhook } from '../support/api.mts';
import { startReceiver, startTestSimulator, startWithWebhook } from './harness/setup.mts';

describe('POST /webhooks/{id}/test', () => {
	it("without a body sends the sample of the webhook's first type, not in live mode", async () => {
		const simulator = await startTestSimulator();
		const receiver = await startReceiver();
		const id = await createWebhook(simulator, receiver.url, [
			'dowsing.query_failed',
			'session.failed',
		]);
		const { status, body } = await sendApiRequest(simulator, 'POST', `/webhooks/${id}/test`);
		await simulator.waitUntilIdle();
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

	it('sends the requested type and replaces fields of its sample with test_data', async () => {
		const { simulator, receiver, webhookId } = await startWithWebhook();
		await sendApiRequest(simulator, 'POST', `/webhooks/${webhookId}/test`, {
			event_type: 'session.completed',
			test_data: { confidence_score: 0.1, mood: 'calm', results: { descriptors: [] } },
		});
		await simulator.waitUntilIdle();
		const sample = EVENT_TYPES.find(({ type }) => type === 'session.completed')?.sample;
		expect(receiver.events()[0]?.data).toEqual({
			...sample,
			confidence_score: 0.1,
			mood: 'calm',
			results: { descriptors: [] },
		});
	});

	it('sends a new event each time, to this webhook only', async () => {
		const { simulator, receiver, webhookId } = await startWithWebhook();
		const other = await startReceiver();
		await createWebhook(simulator, other.url);
		await sendApiRequest(simulator, 'POST', `/webhooks/${webhookId}/test`);
		await sendApiRequest(simulator, 'POST', `/webhooks/${webhookId}/test`);
		await simulator.waitUntilIdle();
		expect(new Set(receiver.events().map(({ id }) => id)).size).toBe(2);
		expect(other.received).toEqual([]);
	});

	it('reaches a paused webhook with a type that it does not have', async () => {
		const simulator = await startTestSimulator();
		const receiver = await startReceiver();
		const id = await createWebhook(simulator, receiver.url, ['session.failed']);
		simulator.pauseWebhook(id);
		const input = { event_type: 'analysis.created' };
		await sendApiRequest(simulator, 'POST', `/webhooks/${id}/test`, input);
		await simulator.waitUntilIdle();
		expect(receiver.events().map(({ type }) => type)).toEqual(['analysis.created']);
	});

	it('sends events with retries', async () => {
		const { simulator, webhookId } = await startWithWebhook({ respond: respondWith(500) });
		const { body } = await sendApiRequest(simulator, 'POST', `/webhooks/${webhookId}/test`);
		const { attempts } = await simulator.waitForDelivery(body.event_id);
		expect(attempts).toHaveLength(ATTEMPTS);
		expect(simulator.webhooks()[0]?.status).toBe('failed');
	});
});
