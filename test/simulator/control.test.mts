import { describe, expect, it } from '@jest/globals';

import { answering } from './harness/receiver.mts';
import { call, callApi, SECRET } from '../support/api.mts';
import { simulate, stage } from './harness/world.mts';

describe('over HTTP, without a key', () => {
	it('an event can be sent, and read from the log of deliveries', async () => {
		const { simulator, receiver, webhookId } = await stage();
		const sent = await call('POST', `${simulator.origin}/simulator/events`, {
			type: 'session.completed',
			id: 'evt_mine',
			data: { session_id: 'sess_mine' },
			livemode: false,
			createdAt: '2025-01-15T10:30:00Z',
		});
		await simulator.idle();
		expect(sent.status).toBe(201);
		expect(sent.body.event).toEqual(receiver.events()[0]);
		expect(sent.body.event).toMatchObject({
			id: 'evt_mine',
			livemode: false,
			created_at: '2025-01-15T10:30:00Z',
		});

		const { body } = await call('GET', `${simulator.origin}/simulator/deliveries?eventId=evt_mine`);
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

	it('the log of deliveries can be filtered', async () => {
		const { simulator, webhookId } = await stage({ answer: answering(404) });
		simulator.emit('session.completed');
		await simulator.idle();
		const countWith = async (query: string) =>
			(await call('GET', `${simulator.origin}/simulator/deliveries?${query}`)).body.data.length;
		expect(await countWith('')).toBe(1);
		expect(await countWith(`webhookId=${webhookId}&state=givenUp`)).toBe(1);
		expect(await countWith('state=delivered')).toBe(0);
		expect(await countWith('eventType=session.failed')).toBe(0);
		expect(await countWith('url=http://elsewhere')).toBe(0);
	});

	it('raw bytes can be sent', async () => {
		const { simulator, receiver, webhookId } = await stage();
		const raw = { webhookId, body: '{ "id": 1 }', headers: { 'X-Odd': 'yes' }, retry: false };
		const { status, body } = await call('POST', `${simulator.origin}/simulator/deliveries`, raw);
		await simulator.idle();
		expect(status).toBe(201);
		expect(body.deliveryId).toBe(simulator.deliveries()[0]?.id);
		expect(receiver.received[0]?.body.toString()).toBe('{ "id": 1 }');
		expect(receiver.received[0]?.headers['x-odd']).toBe('yes');
	});

	it('the calls of the API and the webhooks can be read', async () => {
		const { simulator, webhookId } = await stage();
		const requests = await call('GET', `${simulator.origin}/simulator/requests`);
		expect(requests.body.data).toMatchObject([
			{ method: 'POST', path: '/v1/webhooks', status: 201 },
		]);
		const webhooks = await call('GET', `${simulator.origin}/simulator/webhooks`);
		expect(webhooks.body.data).toMatchObject([{ id: webhookId, secret: SECRET }]);
	});

	it('a webhook can be paused and removed behind its owner', async () => {
		const { simulator, webhookId } = await stage();
		const url = `${simulator.origin}/simulator/webhooks/${webhookId}`;
		expect((await call('POST', `${url}/pause`)).status).toBe(200);
		expect(simulator.webhooks()).toMatchObject([{ status: 'paused' }]);
		expect((await call('DELETE', url)).status).toBe(204);
		expect(simulator.webhooks()).toEqual([]);
		expect((await call('POST', `${url}/pause`)).status).toBe(404);
		expect((await call('DELETE', url)).status).toBe(404);
	});

	it('faults can be added, listed and cleared', async () => {
		const simulator = await simulate();
		const url = `${simulator.origin}/simulator/faults`;
		const fault = { on: 'api', kind: 'answer', status: 503, times: 2 };
		const { status, body } = await call('POST', url, fault);
		expect(status).toBe(201);
		expect((await callApi(simulator, 'GET', '/webhooks')).status).toBe(503);
		expect((await call('GET', url)).body.data).toEqual([{ id: body.id, fault, struck: 1 }]);
		expect((await call('DELETE', url)).status).toBe(204);
		expect((await callApi(simulator, 'GET', '/webhooks')).status).toBe(200);
	});

	it.each([
		['/simulator/events', { type: 'session.complete' }],
		['/simulator/events', { type: 'session.completed', live: false }],
		['/simulator/events', {}],
		['/simulator/deliveries', { webhookId: 'wh_none', body: '' }],
		['/simulator/faults', { on: 'api', kind: 'answer' }],
		['/simulator/faults', { on: 'api', kind: 'reset', tiems: 2 }],
		['/simulator/faults', { on: 'delivery', kind: 'drop', probability: 2 }],
	])('a mistake in POST %s %j is told', async (path, input) => {
		const { simulator } = await stage();
		const { status, body } = await call('POST', `${simulator.origin}${path}`, input);
		expect(status).toBe(400);
		expect(body.error.message).toMatch(/\S/);
		expect(simulator.deliveries()).toEqual([]);
		expect(simulator.faults.list()).toEqual([]);
	});

	it('a filter that is not known is told', async () => {
		const { origin } = await simulate();
		const { status, body } = await call('GET', `${origin}/simulator/deliveries?event_id=x`);
		expect(status).toBe(400);
		expect(body.error.param).toBe('event_id');
	});

	it('GET / says how to use it', async () => {
		const { origin, baseUrl, apiKey } = await simulate();
		const { status, headers, body } = await call('GET', origin);
		expect(status).toBe(200);
		expect(headers.get('content-type')).toContain('text/plain');
		expect(body).toContain(baseUrl);
		expect(body).toContain(apiKey);
	});
});
