import { describe, expect, it } from '@jest/globals';

import { respondWith } from './harness/receiver.mts';
import { send, sendApiRequest, WEBHOOK_SECRET } from '../support/api.mts';
import { startTestSimulator, startWithWebhook } from './harness/setup.mts';

describe('the control API of events and deliveries, without a key', () => {
	it('sends an event and lists its delivery', async () => {
		const { simulator, receiver, webhookId } = await startWithWebhook();
		const sent = await send('POST', `${simulator.origin}/simulator/events`, {
			type: 'session.completed',
			id: 'evt_mine',
			data: { session_id: 'sess_mine' },
			livemode: false,
			createdAt: '2025-01-15T10:30:00Z',
		});
		await simulator.waitUntilIdle();
		expect(sent.status).toBe(201);
		expect(sent.body.event).toEqual(receiver.events()[0]);
		expect(sent.body.event).toMatchObject({
			id: 'evt_mine',
			livemode: false,
			created_at: '2025-01-15T10:30:00Z',
		});

		const { body } = await send('GET', `${simulator.origin}/simulator/deliveries?eventId=evt_mine`);
		expect(body.data).toEqual(simulator.deliveries());
		expect(body.data).toEqual([
			{
				id: sent.body.deliveryIds[0],
				webhookId,
				url: receiver.url,
				eventId: 'evt_mine',
				eventType: 'session.completed',
				body: receiver.received[0]?.body.toString(),
				retry: true,
				createdAt: expect.any(String),
				state: 'delivered',
				endedAt: expect.any(String),
				nextAttemptAt: null,
				attempts: [
					{
						number: 1,
						copy: 0,
						scheduledAt: expect.any(String),
						startedAt: expect.any(String),
						endedAt: expect.any(String),
						durationMs: expect.any(Number),
						status: 200,
						error: null,
						responseBody: '',
					},
				],
			},
		]);
	});

	it('filters the deliveries', async () => {
		const { simulator, webhookId } = await startWithWebhook({ respond: respondWith(404) });
		simulator.emit('session.completed');
		await simulator.waitUntilIdle();
		const countDeliveries = async (query: string) =>
			(await send('GET', `${simulator.origin}/simulator/deliveries?${query}`)).body.data.length;
		expect(await countDeliveries('')).toBe(1);
		expect(await countDeliveries(`webhookId=${webhookId}&state=failed`)).toBe(1);
		expect(await countDeliveries('state=delivered')).toBe(0);
		expect(await countDeliveries('eventType=session.failed')).toBe(0);
		expect(await countDeliveries('url=http://elsewhere')).toBe(0);
	});

	it('sends a raw body', async () => {
		const { simulator, receiver, webhookId } = await startWithWebhook();
		const raw = { webhookId, body: '{ "id": 1 }', headers: { 'X-Odd': 'yes' }, retry: false };
		const { status, body } = await send('POST', `${simulator.origin}/simulator/deliveries`, raw);
		await simulator.waitUntilIdle();
		expect(status).toBe(201);
		expect(body.deliveryId).toBe(simulator.deliveries()[0]?.id);
		expect(receiver.received[0]?.body.toString()).toBe('{ "id": 1 }');
		expect(receiver.received[0]?.headers['x-odd']).toBe('yes');
	});
});

it('describes the control API at GET /', async () => {
	const { origin, baseUrl, apiKey } = await startTestSimulator();
	const { status, headers, body } = await send('GET', origin);
	expect(status).toBe(200);
	expect(headers.get('content-type')).toContain('text/plain');
	expect(body).toContain(baseUrl);
	expect(body).toContain(apiKey);
});

describe('the control API of webhooks, requests and faults', () => {
	it('lists the API requests and the webhooks', async () => {
		const { simulator, webhookId } = await startWithWebhook();
		const requests = await send('GET', `${simulator.origin}/simulator/requests`);
		expect(requests.body.data).toMatchObject([
			{ method: 'POST', path: '/v1/webhooks', status: 201 },
		]);
		const webhooks = await send('GET', `${simulator.origin}/simulator/webhooks`);
		expect(webhooks.body.data).toMatchObject([{ id: webhookId, secret: WEBHOOK_SECRET }]);
	});

	it('pauses and deletes a webhook', async () => {
		const { simulator, webhookId } = await startWithWebhook();
		const url = `${simulator.origin}/simulator/webhooks/${webhookId}`;
		expect((await send('POST', `${url}/pause`)).status).toBe(200);
		expect(simulator.webhooks()).toMatchObject([{ status: 'paused' }]);
		expect((await send('DELETE', url)).status).toBe(204);
		expect(simulator.webhooks()).toEqual([]);
		expect((await send('POST', `${url}/pause`)).status).toBe(404);
		expect((await send('DELETE', url)).status).toBe(404);
	});

	it('adds, lists and clears faults', async () => {
		const simulator = await startTestSimulator();
		const url = `${simulator.origin}/simulator/faults`;
		const fault = { on: 'api', kind: 'response', status: 503, times: 2 };
		const { status, body } = await send('POST', url, fault);
		expect(status).toBe(201);
		expect((await sendApiRequest(simulator, 'GET', '/webhooks')).status).toBe(503);
		expect((await send('GET', url)).body.data).toEqual([{ id: body.id, fault, timesInjected: 1 }]);
		expect((await send('DELETE', url)).status).toBe(204);
		expect((await sendApiRequest(simulator, 'GET', '/webhooks')).status).toBe(200);
	});
});

describe('an invalid request to the control API', () => {
	it.each([
		['/simulator/events', { type: 'session.complete' }],
		['/simulator/events', { type: 'session.completed', live: false }],
		['/simulator/events', {}],
		['/simulator/deliveries', { webhookId: 'wh_none', body: '' }],
		['/simulator/faults', { on: 'api', kind: 'response' }],
		['/simulator/faults', { on: 'api', kind: 'reset', tiems: 2 }],
		['/simulator/faults', { on: 'delivery', kind: 'drop', probability: 2 }],
	])('rejects POST %s %j with 400', async (path, input) => {
		const { simulator } = await startWithWebhook();
		const { status, body } = await send('POST', `${simulator.origin}${path}`, input);
		expect(status).toBe(400);
		expect(body.error.message).toMatch(/\S/);
		expect(simulator.deliveries()).toEqual([]);
		expect(simulator.faults.list()).toEqual([]);
	});

	it('rejects an unknown filter', async () => {
		const { origin } = await startTestSimulator();
		const { status, body } = await send('GET', `${origin}/simulator/deliveries?event_id=x`);
		expect(status).toBe(400);
		expect(body.error.param).toBe('event_id');
	});
});
