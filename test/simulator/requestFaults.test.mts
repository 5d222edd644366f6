import { describe, expect, it } from '@jest/globals';

import type { Fault } from '../../simulator/index.mts';
import { sendApiRequest, createWebhook } from '../support/api.mts';
import { startTestSimulator } from './harness/setup.mts';

const WEBHOOK = { url: 'http://127.0.0.1:9/hook', events: ['session.completed'], secret: 's' };

describe('a fault on API requests', () => {
	it.each([429, 500, 503])(
		'responds once with %i without processing the request',
		async (status) => {
			const simulator = await startTestSimulator();
			simulator.faults.add({ on: 'api', kind: 'response', status });
			const response = await sendApiRequest(simulator, 'POST', '/webhooks', WEBHOOK);
			expect(response.status).toBe(status);
			expect(response.body.error.message).toMatch(/\S/);
			expect(simulator.webhooks()).toEqual([]);
			expect((await sendApiRequest(simulator, 'POST', '/webhooks', WEBHOOK)).status).toBe(201);
		},
	);

	it('responds with Retry-After and a custom body', async () => {
		const simulator = await startTestSimulator();
		const body = { webhooks: [] };
		simulator.faults.add({ on: 'api', kind: 'response', status: 429, retryAfter: 7, body });
		const response = await sendApiRequest(simulator, 'GET', '/webhooks');
		expect(response.headers.get('retry-after')).toBe('7');
		expect(response.body).toEqual(body);
	});

	it('is injected `times` times', async () => {
		const simulator = await startTestSimulator();
		simulator.faults.add({ on: 'api', kind: 'response', status: 500, times: 2 });
		const statuses = [];
		for (let i = 0; i < 3; i++)
			statuses.push((await sendApiRequest(simulator, 'GET', '/webhooks')).status);
		expect(statuses).toEqual([500, 500, 200]);
		expect(simulator.faults.list()).toMatchObject([{ timesInjected: 2 }]);
	});

	it('matches the method and the path', async () => {
		const simulator = await startTestSimulator();
		const id = await createWebhook(simulator, WEBHOOK.url);
		const path = '/webhooks/{id}';
		simulator.faults.add({ on: 'api', kind: 'response', status: 500, method: 'PATCH', path });
		expect((await sendApiRequest(simulator, 'GET', '/webhooks?limit=1')).status).toBe(200);
		expect((await sendApiRequest(simulator, 'POST', `/webhooks/${id}/test`)).status).toBe(200);
		expect(
			(await sendApiRequest(simulator, 'PATCH', `/webhooks/${id}`, { active: true })).status,
		).toBe(500);
		expect(
			(await sendApiRequest(simulator, 'PATCH', `/webhooks/${id}`, { active: true })).status,
		).toBe(200);
	});

	it('"reset" closes the connection without processing the request', async () => {
		const simulator = await startTestSimulator();
		simulator.faults.add({ on: 'api', kind: 'reset' });
		await expect(sendApiRequest(simulator, 'POST', '/webhooks', WEBHOOK)).rejects.toThrow(
			'fetch failed',
		);
		expect(simulator.webhooks()).toEqual([]);
	});

	it('"lost-response" processes the request and closes the connection', async () => {
		const simulator = await startTestSimulator();
		simulator.faults.add({ on: 'api', kind: 'lost-response' });
		await expect(sendApiRequest(simulator, 'POST', '/webhooks', WEBHOOK)).rejects.toThrow(
			'fetch failed',
		);
		expect(simulator.webhooks()).toMatchObject([{ url: WEBHOOK.url }]);
	});

	it('"timeout" never responds and does not process the request', async () => {
		const simulator = await startTestSimulator();
		const url = `${simulator.baseUrl}/webhooks/${await createWebhook(simulator, WEBHOOK.url)}`;
		simulator.faults.add({ on: 'api', kind: 'timeout' });
		const signal = AbortSignal.timeout(150);
		const headers = { Authorization: `Bearer ${simulator.apiKey}` };
		await expect(fetch(url, { method: 'DELETE', headers, signal })).rejects.toThrow('timeout');
		expect(simulator.webhooks()).toHaveLength(1);
	});

	it('"slow-response" processes the request and delays the response', async () => {
		const simulator = await startTestSimulator();
		simulator.faults.add({ on: 'api', kind: 'slow-response', delayMs: 60 });
		const startedAt = performance.now();
		const { status } = await sendApiRequest(simulator, 'POST', '/webhooks', WEBHOOK);
		expect(status).toBe(201);
		expect(performance.now() - startedAt).toBeGreaterThanOrEqual(59);
	});

	it('with a probability affects the same requests in each run with the same seed', async () => {
		const run = async (seed: number) => {
			const simulator = await startTestSimulator({ seed });
			simulator.faults.add({ on: 'api', kind: 'response', status: 500, probability: 0.5 });
			const statuses = [];
			for (let i = 0; i < 40; i++) {
				statuses.push((await sendApiRequest(simulator, 'GET', '/webhooks')).status);
			}
			return statuses;
		};
		const first = await run(7);
		expect(await run(7)).toEqual(first);
		expect(await run(8)).not.toEqual(first);
		expect(new Set(first)).toEqual(new Set([200, 500]));
	});

	it('ends when it is cleared', async () => {
		const simulator = await startTestSimulator();
		const fault: Fault = { on: 'api', kind: 'response', status: 500, times: 9 };
		const first = simulator.faults.add(fault);
		simulator.faults.add({ ...fault, status: 503 });
		simulator.faults.clear(first);
		expect((await sendApiRequest(simulator, 'GET', '/webhooks')).status).toBe(503);
		simulator.faults.clear();
		expect((await sendApiRequest(simulator, 'GET', '/webhooks')).status).toBe(200);
		expect(simulator.faults.list()).toEqual([]);
	});

	it.each([
		['of a delivery kind', { on: 'api', kind: 'duplicate' }],
		['without a kind', { on: 'api' }],
		['on an unknown target', { on: 'moon', kind: 'reset' }],
		['without its status', { on: 'api', kind: 'response' }],
		['without its delay', { on: 'api', kind: 'slow-response' }],
		['without its maximum delay', { on: 'delivery', kind: 'reorder' }],
	])('%s is rejected', async (_name, fault) => {
		const simulator = await startTestSimulator();
		expect(() => simulator.faults.add(fault as Fault)).toThrow(TypeError);
		expect(simulator.faults.list()).toEqual([]);
	});
});

describe('the request log', () => {
	it('contains method, path, body, status and fault, with key and secret redacted', async () => {
		const simulator = await startTestSimulator();
		await sendApiRequest(simulator, 'POST', '/webhooks', WEBHOOK);
		simulator.faults.add({ on: 'api', kind: 'reset' });
		await sendApiRequest(simulator, 'GET', '/webhooks?limit=5').catch(() => {});
		expect(simulator.requests()).toMatchObject([
			{
				method: 'POST',
				path: '/v1/webhooks',
				headers: { authorization: 'Bearer …', 'content-type': 'application/json' },
				body: { ...WEBHOOK, secret: '…' },
				status: 201,
			},
			{ method: 'GET', path: '/v1/webhooks?limit=5', status: null, fault: 'reset' },
		]);
		expect(JSON.stringify(simulator.requests())).not.toContain(simulator.apiKey);
	});

	it('contains rejected requests', async () => {
		const simulator = await startTestSimulator();
		await fetch(`${simulator.baseUrl}/webhooks`, { headers: { 'X-API-Key': 'mp_unknown' } });
		await sendApiRequest(simulator, 'GET', '/no/such/route');
		expect(simulator.requests()).toMatchObject([
			{ path: '/v1/webhooks', status: 401, headers: { 'x-api-key': '…' } },
			{ path: '/v1/no/such/route', status: 404 },
		]);
	});
});
