import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { waitFor } from '../support/jest.mts';

import { EVENT_TYPES } from '../../nodes/shared/events/eventTypes.ts';
import { respondWith } from './harness/receiver.mts';
import { readChangeFeed } from './harness/changeFeed.mts';
import { send, WEBHOOK_SECRET } from '../support/api.mts';
import { startTestSimulator, startWithWebhook } from './harness/setup.mts';

const AS_BROWSER = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

describe('GET /', () => {
	it('returns the page to browsers and plain text to other clients', async () => {
		const { origin } = await startTestSimulator();
		const page = await send('GET', origin, undefined, AS_BROWSER);
		expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
		expect(page.body).toMatch(/^<!doctype html>/);
		for (const accept of ['*/*', 'application/json', '']) {
			const text = await send('GET', origin, undefined, { Accept: accept });
			expect(text.headers.get('content-type')).toBe('text/plain; charset=utf-8');
			expect(text.body).toContain(`${origin}/\n`);
			expect(text.headers.get('vary')).toBe('Accept');
		}
	});

	it('allows only its own scripts and styles', async () => {
		const { origin } = await startTestSimulator();
		const { headers } = await send('GET', origin, undefined, AS_BROWSER);
		const policy = headers.get('content-security-policy') ?? '';
		expect(policy).toContain("default-src 'none'");
		expect(policy).toContain("script-src 'self';");
		expect(policy).toContain("style-src 'self';");
		expect(policy).not.toContain('unsafe');
		expect(headers.get('x-content-type-options')).toBe('nosniff');
	});

	it('serves only the files of the page', async () => {
		const { origin } = await startTestSimulator();
		const files = readdirSync('simulator/page').filter((name) => /\.(js|css)$/.test(name));
		for (const file of files) {
			const { status, headers, body } = await send('GET', `${origin}/page/${file}`);
			expect(status).toBe(200);
			expect(headers.get('content-type')).toMatch(/^text\/(javascript|css)/);
			expect(body).toBe(readFileSync(`simulator/page/${file}`, 'utf8'));
		}
		for (const path of ['tsconfig.json', '..%2Fmain.mts', '%2e%2e/main.mts']) {
			expect((await send('GET', `${origin}/page/${path}`)).status).toBe(404);
		}
	});

	it('contains no inline HTML, handlers or external URLs', () => {
		for (const file of readdirSync('simulator/page')) {
			const source = readFileSync(`simulator/page/${file}`, 'utf8');
			expect(source).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\son\w+=/);
			expect(source).not.toMatch(/https?:\/\//);
		}
	});
});

describe('GET /simulator/stream', () => {
	it('starts with a snapshot without secrets', async () => {
		const { simulator, webhookId } = await startWithWebhook();
		simulator.faults.add({ on: 'api', kind: 'reset' });
		const { deliveryIds } = simulator.emit('session.completed');
		await simulator.waitUntilIdle();
		const { response, messages } = await readChangeFeed(`${simulator.origin}/simulator/stream`);
		await waitFor(() => expect(messages.length).toBe(1));
		expect(response.headers.get('content-type')).toBe('text/event-stream');
		expect(messages[0]).toMatchObject({
			event: 'snapshot',
			data: {
				baseUrl: simulator.baseUrl,
				apiKey: simulator.apiKey,
				webhooks: [{ id: webhookId, status: 'active' }],
				faults: [{ fault: { kind: 'reset' }, timesInjected: 0, exhausted: false }],
				deliveries: [{ id: deliveryIds[0], state: 'delivered' }],
			},
		});
		expect(JSON.stringify(messages)).not.toContain(WEBHOOK_SECRET);
	});

	it('sends a delivery and its attempts', async () => {
		let responses = 0;
		const { simulator } = await startWithWebhook({
			respond: (...details) => respondWith(responses++ === 0 ? 500 : 200)(...details),
			timeFactor: 50,
		});
		const { messages } = await readChangeFeed(`${simulator.origin}/simulator/stream`);
		await waitFor(() => expect(messages.length).toBe(1));
		const { deliveryIds } = simulator.emit('session.completed');
		const updates = () => messages.slice(1).flatMap(({ data }) => data.deliveries ?? []);
		await waitFor(() => expect(updates().at(-1)?.state).toBe('delivered'));
		expect(updates()[0]).toMatchObject({ id: deliveryIds[0], state: 'pending' });
		expect(updates()).toContainEqual(
			expect.objectContaining({
				state: 'pending',
				nextAttemptAt: expect.any(String),
				attempts: [expect.objectContaining({ number: 1, status: 500 })],
			}),
		);
		expect(updates().at(-1)?.attempts).toMatchObject([{ status: 500 }, { status: 200 }]);
	});

	it('sends each change of webhooks and faults', async () => {
		const { simulator, webhookId } = await startWithWebhook();
		const { messages } = await readChangeFeed(`${simulator.origin}/simulator/stream`);
		const last = () => messages.at(-1)?.data;
		await waitFor(() => expect(messages.length).toBe(1));
		simulator.pauseWebhook(webhookId);
		await waitFor(async () =>
			expect(await last()).toEqual({ webhooks: [expect.objectContaining({ status: 'paused' })] }),
		);
		simulator.activateWebhook(webhookId);
		await waitFor(async () =>
			expect(await last()).toEqual({ webhooks: [expect.objectContaining({ status: 'active' })] }),
		);
		simulator.deleteWebhook(webhookId);
		await waitFor(async () => expect(await last()).toEqual({ webhooks: [] }));
		const id = simulator.faults.add({ on: 'api', kind: 'response', status: 500 });
		await waitFor(async () =>
			expect(await last()).toMatchObject({ faults: [{ id, timesInjected: 0, exhausted: false }] }),
		);
		await send('GET', `${simulator.baseUrl}/webhooks`, undefined, {
			'X-API-Key': simulator.apiKey,
		});
		await waitFor(async () =>
			expect(await last()).toMatchObject({ faults: [{ id, timesInjected: 1, exhausted: true }] }),
		);
		simulator.faults.clear();
		await waitFor(async () => expect(await last()).toEqual({ faults: [] }));
	});

	it('combines many changes into few messages with 100 deliveries at most', async () => {
		const { simulator } = await startWithWebhook();
		const { messages } = await readChangeFeed(`${simulator.origin}/simulator/stream`);
		await waitFor(() => expect(messages.length).toBe(1));
		for (let i = 0; i < 1_000; i++) simulator.emit('session.completed');
		await simulator.waitUntilIdle();
		await waitFor(() => expect(messages.at(-1)?.data.deliveries?.at(-1)?.state).toBe('delivered'));
		expect(messages.length).toBeLessThan(200);
		for (const { data } of messages) expect(data.deliveries?.length).toBeLessThanOrEqual(100);
	});

	it('ends when the simulator is closed', async () => {
		const { simulator } = await startWithWebhook();
		const { response, ended } = await readChangeFeed(`${simulator.origin}/simulator/stream`);
		expect(response.status).toBe(200);
		await simulator.close();
		await ended;
	});
});

describe('the control API of the page', () => {
	it('lists the event types with their samples', async () => {
		const { origin } = await startTestSimulator();
		const { body } = await send('GET', `${origin}/simulator/event-types`);
		expect(body.data).toEqual(EVENT_TYPES);
	});

	it('sends a payload without fields of the sample', async () => {
		const { simulator, receiver } = await startWithWebhook();
		const url = `${simulator.origin}/simulator/events`;
		const payload = { mood: 'calm' };
		const { status } = await send('POST', url, { type: 'session.completed', payload });
		await simulator.waitUntilIdle();
		expect(status).toBe(201);
		expect(receiver.events()[0]?.data).toEqual(payload);
	});

	it('sends a test event to one webhook', async () => {
		const { simulator, receiver, webhookId } = await startWithWebhook();
		const url = `${simulator.origin}/simulator/webhooks/${webhookId}/test`;
		expect((await send('POST', url)).status).toBe(201);
		expect((await send('POST', url, { type: 'dowsing.query_failed' })).status).toBe(201);
		simulator.emitTest(webhookId, 'session.failed');
		await simulator.waitUntilIdle();
		const types = receiver.events().map(({ type, livemode }) => [type, livemode]);
		expect(types.sort()).toEqual([
			['dowsing.query_failed', false],
			['session.created', false],
			['session.failed', false],
		]);
		expect(() => simulator.emitTest('wh_none')).toThrow(RangeError);
	});

	it('activates a webhook, and clears one fault', async () => {
		const { simulator, webhookId } = await startWithWebhook();
		const { origin } = simulator;
		simulator.pauseWebhook(webhookId);
		await send('POST', `${origin}/simulator/webhooks/${webhookId}/activate`);
		expect(simulator.webhooks()).toMatchObject([{ status: 'active' }]);
		const [first, second] = ['drop', 'duplicate'].map((kind) =>
			simulator.faults.add({ on: 'delivery', kind: kind as 'drop' | 'duplicate' }),
		);
		expect((await send('DELETE', `${origin}/simulator/faults/${first}`)).status).toBe(204);
		expect(simulator.faults.list()).toMatchObject([{ id: second }]);
	});

	it.each([
		['POST', '/events', { type: 'session.completed', payload: [] }, 400],
		['POST', '/events', { type: 'session.completed', payload: {}, data: {} }, 400],
		['POST', '/webhooks/wh_none/activate', undefined, 404],
		['POST', '/webhooks/wh_none/test', undefined, 404],
		['DELETE', '/faults/flt_none', undefined, 404],
	])('rejects %s %s %j', async (method, path, body, status) => {
		const { simulator } = await startWithWebhook();
		const response = await send(method, `${simulator.origin}/simulator${path}`, body);
		expect(response.status).toBe(status);
		expect(response.body.error.message).toMatch(/\S/);
		expect(simulator.deliveries()).toEqual([]);
	});

	it.each([{ type: 'session.complete' }, { event_type: 'session.completed' }])(
		'rejects the test event %j',
		async (body) => {
			const { simulator, webhookId } = await startWithWebhook();
			const url = `${simulator.origin}/simulator/webhooks/${webhookId}/test`;
			expect((await send('POST', url, body)).status).toBe(400);
			expect(simulator.deliveries()).toEqual([]);
		},
	);
});
