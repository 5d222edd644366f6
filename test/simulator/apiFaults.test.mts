import { describe, expect, it } from '@jest/globals';

import type { Fault } from '../../simulator/index.mts';
import { callApi, register } from '../support/api.mts';
import { simulate } from './harness/world.mts';

const WEBHOOK = { url: 'http://127.0.0.1:9/hook', events: ['session.completed'], secret: 's' };

describe('a fault on calls', () => {
	it.each([429, 500, 503])('answers %i instead of doing what is asked, once', async (status) => {
		const simulator = await simulate();
		simulator.faults.add({ on: 'api', kind: 'answer', status });
		const struck = await callApi(simulator, 'POST', '/webhooks', WEBHOOK);
		expect(struck.status).toBe(status);
		expect(struck.body.error.message).toMatch(/\S/);
		expect(simulator.webhooks()).toEqual([]);
		expect((await callApi(simulator, 'POST', '/webhooks', WEBHOOK)).status).toBe(201);
	});

	it('answers with Retry-After and a body of choice', async () => {
		const simulator = await simulate();
		const body = { webhooks: [] };
		simulator.faults.add({ on: 'api', kind: 'answer', status: 429, retryAfter: 7, body });
		const struck = await callApi(simulator, 'GET', '/webhooks');
		expect(struck.headers.get('retry-after')).toBe('7');
		expect(struck.body).toEqual(body);
	});

	it('strikes as often as it is told', async () => {
		const simulator = await simulate();
		simulator.faults.add({ on: 'api', kind: 'answer', status: 500, times: 2 });
		const statuses = [];
		for (let i = 0; i < 3; i++)
			statuses.push((await callApi(simulator, 'GET', '/webhooks')).status);
		expect(statuses).toEqual([500, 500, 200]);
		expect(simulator.faults.list()).toMatchObject([{ struck: 2 }]);
	});

	it('strikes the calls it is meant for and no others', async () => {
		const simulator = await simulate();
		const id = await register(simulator, WEBHOOK.url);
		const path = '/webhooks/{id}';
		simulator.faults.add({ on: 'api', kind: 'answer', status: 500, method: 'PATCH', path });
		expect((await callApi(simulator, 'GET', '/webhooks?limit=1')).status).toBe(200);
		expect((await callApi(simulator, 'POST', `/webhooks/${id}/test`)).status).toBe(200);
		expect((await callApi(simulator, 'PATCH', `/webhooks/${id}`, { active: true })).status).toBe(
			500,
		);
		expect((await callApi(simulator, 'PATCH', `/webhooks/${id}`, { active: true })).status).toBe(
			200,
		);
	});

	it('drops the connection and does nothing', async () => {
		const simulator = await simulate();
		simulator.faults.add({ on: 'api', kind: 'reset' });
		await expect(callApi(simulator, 'POST', '/webhooks', WEBHOOK)).rejects.toThrow('fetch failed');
		expect(simulator.webhooks()).toEqual([]);
	});

	it('does what is asked and drops the connection', async () => {
		const simulator = await simulate();
		simulator.faults.add({ on: 'api', kind: 'lost-answer' });
		await expect(callApi(simulator, 'POST', '/webhooks', WEBHOOK)).rejects.toThrow('fetch failed');
		expect(simulator.webhooks()).toMatchObject([{ url: WEBHOOK.url }]);
	});

	it('never answers and does nothing', async () => {
		const simulator = await simulate();
		const url = `${simulator.baseUrl}/webhooks/${await register(simulator, WEBHOOK.url)}`;
		simulator.faults.add({ on: 'api', kind: 'timeout' });
		const signal = AbortSignal.timeout(150);
		const headers = { Authorization: `Bearer ${simulator.apiKey}` };
		await expect(fetch(url, { method: 'DELETE', headers, signal })).rejects.toThrow('timeout');
		expect(simulator.webhooks()).toHaveLength(1);
	});

	it('does what is asked and answers later', async () => {
		const simulator = await simulate();
		simulator.faults.add({ on: 'api', kind: 'slow-answer', delayMs: 60 });
		const startedAt = performance.now();
		const { status } = await callApi(simulator, 'POST', '/webhooks', WEBHOOK);
		expect(status).toBe(201);
		expect(performance.now() - startedAt).toBeGreaterThanOrEqual(59);
	});

	it('strikes with its probability, the same calls in each run with the same seed', async () => {
		const run = async (seed: number) => {
			const simulator = await simulate({ seed });
			simulator.faults.add({ on: 'api', kind: 'answer', status: 500, probability: 0.5 });
			const statuses = [];
			for (let i = 0; i < 40; i++) {
				statuses.push((await callApi(simulator, 'GET', '/webhooks')).status);
			}
			return statuses;
		};
		const first = await run(7);
		expect(await run(7)).toEqual(first);
		expect(await run(8)).not.toEqual(first);
		expect(new Set(first)).toEqual(new Set([200, 500]));
	});

	it('ends when it is cleared', async () => {
		const simulator = await simulate();
		const fault: Fault = { on: 'api', kind: 'answer', status: 500, times: 9 };
		const first = simulator.faults.add(fault);
		simulator.faults.add({ ...fault, status: 503 });
		simulator.faults.clear(first);
		expect((await callApi(simulator, 'GET', '/webhooks')).status).toBe(503);
		simulator.faults.clear();
		expect((await callApi(simulator, 'GET', '/webhooks')).status).toBe(200);
		expect(simulator.faults.list()).toEqual([]);
	});

	it.each([
		['of a kind that is for deliveries', { on: 'api', kind: 'duplicate' }],
		['of no kind', { on: 'api' }],
		['on nothing known', { on: 'moon', kind: 'reset' }],
		['without its status', { on: 'api', kind: 'answer' }],
		['without its delay', { on: 'api', kind: 'slow-answer' }],
		['without its limit', { on: 'delivery', kind: 'reorder' }],
	])('%s is refused', async (_name, fault) => {
		const simulator = await simulate();
		expect(() => simulator.faults.add(fault as Fault)).toThrow(TypeError);
		expect(simulator.faults.list()).toEqual([]);
	});
});

describe('the log of calls', () => {
	it('has method, path, body, status and fault, and hides key and secret', async () => {
		const simulator = await simulate();
		await callApi(simulator, 'POST', '/webhooks', WEBHOOK);
		simulator.faults.add({ on: 'api', kind: 'reset' });
		await callApi(simulator, 'GET', '/webhooks?limit=5').catch(() => {});
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

	it('has calls that were refused', async () => {
		const simulator = await simulate();
		await fetch(`${simulator.baseUrl}/webhooks`, { headers: { 'X-API-Key': 'mp_unknown' } });
		await callApi(simulator, 'GET', '/no/such/route');
		expect(simulator.requests()).toMatchObject([
			{ path: '/v1/webhooks', status: 401, headers: { 'x-api-key': '…' } },
			{ path: '/v1/no/such/route', status: 404 },
		]);
	});
});
