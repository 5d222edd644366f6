import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { waitFor } from '../support/jest.mts';

import { EVENT_TYPES } from '../../nodes/shared/events/index.ts';
import { answering } from './harness/receiver.mts';
import { readStream } from './harness/stream.mts';
import { call, SECRET } from '../support/api.mts';
import { simulate, stage } from './harness/world.mts';

const AS_BROWSER = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

describe('GET /', () => {
	it('is a page for a browser, and text for programs', async () => {
		const { origin } = await simulate();
		const page = await call('GET', origin, undefined, AS_BROWSER);
		expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
		expect(page.body).toMatch(/^<!doctype html>/);
		for (const accept of ['*/*', 'application/json', '']) {
			const text = await call('GET', origin, undefined, { Accept: accept });
			expect(text.headers.get('content-type')).toBe('text/plain; charset=utf-8');
			expect(text.body).toContain(`${origin}/\n`);
			expect(text.headers.get('vary')).toBe('Accept');
		}
	});

	it('lets nothing run but its own files', async () => {
		const { origin } = await simulate();
		const { headers } = await call('GET', origin, undefined, AS_BROWSER);
		const policy = headers.get('content-security-policy') ?? '';
		expect(policy).toContain("default-src 'none'");
		expect(policy).toContain("script-src 'self';");
		expect(policy).toContain("style-src 'self';");
		expect(policy).not.toContain('unsafe');
		expect(headers.get('x-content-type-options')).toBe('nosniff');
	});

	it('comes with all its files, and no others', async () => {
		const { origin } = await simulate();
		const files = readdirSync('simulator/page').filter((name) => /\.(js|css)$/.test(name));
		for (const file of files) {
			const { status, headers, body } = await call('GET', `${origin}/page/${file}`);
			expect(status).toBe(200);
			expect(headers.get('content-type')).toMatch(/^text\/(javascript|css)/);
			expect(body).toBe(readFileSync(`simulator/page/${file}`, 'utf8'));
		}
		for (const path of ['tsconfig.json', '..%2Fmain.mts', '%2e%2e/main.mts']) {
			expect((await call('GET', `${origin}/page/${path}`)).status).toBe(404);
		}
	});

	it('puts nothing into its document but text', () => {
		for (const file of readdirSync('simulator/page')) {
			const source = readFileSync(`simulator/page/${file}`, 'utf8');
			expect(source).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\son\w+=/);
			expect(source).not.toMatch(/https?:\/\//);
		}
	});
});

describe('GET /simulator/stream', () => {
	it('begins with how things stand, without secrets', async () => {
		const { simulator, webhookId } = await stage();
		simulator.faults.add({ on: 'api', kind: 'reset' });
		const { deliveryIds } = simulator.emit('session.completed');
		await simulator.idle();
		const { response, messages } = await readStream(`${simulator.origin}/simulator/stream`);
		await waitFor(() => expect(messages.length).toBe(1));
		expect(response.headers.get('content-type')).toBe('text/event-stream');
		expect(messages[0]).toMatchObject({
			event: 'snapshot',
			data: {
				baseUrl: simulator.baseUrl,
				apiKey: simulator.apiKey,
				webhooks: [{ id: webhookId, status: 'active' }],
				faults: [{ fault: { kind: 'reset' }, struck: 0, spent: false }],
				deliveries: [{ id: deliveryIds[0], state: 'delivered' }],
			},
		});
		expect(JSON.stringify(messages)).not.toContain(SECRET);
	});

	it('tells a delivery with its attempts as they happen', async () => {
		let answers = 0;
		const { simulator } = await stage({
			answer: (...details) => answering(answers++ === 0 ? 500 : 200)(...details),
			timeFactor: 50,
		});
		const { messages } = await readStream(`${simulator.origin}/simulator/stream`);
		await waitFor(() => expect(messages.length).toBe(1));
		const { deliveryIds } = simulator.emit('session.completed');
		const told = () => messages.slice(1).flatMap(({ data }) => data.deliveries ?? []);
		await waitFor(() => expect(told().at(-1)?.state).toBe('delivered'));
		expect(told()[0]).toMatchObject({ id: deliveryIds[0], state: 'pending' });
		expect(told()).toContainEqual(
			expect.objectContaining({
				state: 'pending',
				nextAttemptAt: expect.any(String),
				attempts: [expect.objectContaining({ number: 1, status: 500 })],
			}),
		);
		expect(told().at(-1)?.attempts).toMatchObject([{ status: 500 }, { status: 200 }]);
	});

	it('tells each change of the webhooks and the faults', async () => {
		const { simulator, webhookId } = await stage();
		const { messages } = await readStream(`${simulator.origin}/simulator/stream`);
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
		simulator.removeWebhook(webhookId);
		await waitFor(async () => expect(await last()).toEqual({ webhooks: [] }));
		const id = simulator.faults.add({ on: 'api', kind: 'answer', status: 500 });
		await waitFor(async () =>
			expect(await last()).toMatchObject({ faults: [{ id, struck: 0, spent: false }] }),
		);
		await call('GET', `${simulator.baseUrl}/webhooks`, undefined, {
			'X-API-Key': simulator.apiKey,
		});
		await waitFor(async () =>
			expect(await last()).toMatchObject({ faults: [{ id, struck: 1, spent: true }] }),
		);
		simulator.faults.clear();
		await waitFor(async () => expect(await last()).toEqual({ faults: [] }));
	});

	it('gathers a flood into few messages, of a hundred deliveries at most', async () => {
		const { simulator } = await stage();
		const { messages } = await readStream(`${simulator.origin}/simulator/stream`);
		await waitFor(() => expect(messages.length).toBe(1));
		for (let i = 0; i < 1_000; i++) simulator.emit('session.completed');
		await simulator.idle();
		await waitFor(() => expect(messages.at(-1)?.data.deliveries?.at(-1)?.state).toBe('delivered'));
		expect(messages.length).toBeLessThan(200);
		for (const { data } of messages) expect(data.deliveries?.length).toBeLessThanOrEqual(100);
	});

	it('ends with the simulator', async () => {
		const { simulator } = await stage();
		const { response, ended } = await readStream(`${simulator.origin}/simulator/stream`);
		expect(response.status).toBe(200);
		await simulator.close();
		await ended;
	});
});

describe('the controls that the page needs', () => {
	it('give the types of events with their samples', async () => {
		const { origin } = await simulate();
		const { body } = await call('GET', `${origin}/simulator/event-types`);
		expect(body.data).toEqual(EVENT_TYPES);
	});

	it('send a whole payload, with nothing of the sample', async () => {
		const { simulator, receiver } = await stage();
		const url = `${simulator.origin}/simulator/events`;
		const payload = { mood: 'calm' };
		const { status } = await call('POST', url, { type: 'session.completed', payload });
		await simulator.idle();
		expect(status).toBe(201);
		expect(receiver.events()[0]?.data).toEqual(payload);
	});

	it('send a test event to one webhook', async () => {
		const { simulator, receiver, webhookId } = await stage();
		const url = `${simulator.origin}/simulator/webhooks/${webhookId}/test`;
		expect((await call('POST', url)).status).toBe(201);
		expect((await call('POST', url, { type: 'dowsing.query_failed' })).status).toBe(201);
		simulator.emitTest(webhookId, 'session.failed');
		await simulator.idle();
		const types = receiver.events().map(({ type, livemode }) => [type, livemode]);
		expect(types.sort()).toEqual([
			['dowsing.query_failed', false],
			['session.created', false],
			['session.failed', false],
		]);
		expect(() => simulator.emitTest('wh_none')).toThrow(RangeError);
	});

	it('switch a webhook on again, and clear one fault', async () => {
		const { simulator, webhookId } = await stage();
		const { origin } = simulator;
		simulator.pauseWebhook(webhookId);
		await call('POST', `${origin}/simulator/webhooks/${webhookId}/activate`);
		expect(simulator.webhooks()).toMatchObject([{ status: 'active' }]);
		const [first, second] = ['drop', 'duplicate'].map((kind) =>
			simulator.faults.add({ on: 'delivery', kind: kind as 'drop' | 'duplicate' }),
		);
		expect((await call('DELETE', `${origin}/simulator/faults/${first}`)).status).toBe(204);
		expect(simulator.faults.list()).toMatchObject([{ id: second }]);
	});

	it.each([
		['POST', '/events', { type: 'session.completed', payload: [] }, 400],
		['POST', '/events', { type: 'session.completed', payload: {}, data: {} }, 400],
		['POST', '/webhooks/wh_none/activate', undefined, 404],
		['POST', '/webhooks/wh_none/test', undefined, 404],
		['DELETE', '/faults/flt_none', undefined, 404],
	])('refuse what makes no sense: %s %s %j', async (method, path, body, status) => {
		const { simulator } = await stage();
		const answer = await call(method, `${simulator.origin}/simulator${path}`, body);
		expect(answer.status).toBe(status);
		expect(answer.body.error.message).toMatch(/\S/);
		expect(simulator.deliveries()).toEqual([]);
	});

	it.each([{ type: 'session.complete' }, { event_type: 'session.completed' }])(
		'refuse a test event as %j',
		async (body) => {
			const { simulator, webhookId } = await stage();
			const url = `${simulator.origin}/simulator/webhooks/${webhookId}/test`;
			expect((await call('POST', url, body)).status).toBe(400);
			expect(simulator.deliveries()).toEqual([]);
		},
	);
});
