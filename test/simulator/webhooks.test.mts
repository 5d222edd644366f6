import { describe, expect, it } from '@jest/globals';

import { send, sendApiRequest, createWebhook } from '../support/api.mts';
import { startReceiver, startTestSimulator } from './harness/setup.mts';

const URL = 'http://127.0.0.1:9/hook';
const NEW = { url: URL, events: ['session.completed'], secret: 's' };

describe('POST /webhooks', () => {
	it('responds with 201 and the active webhook', async () => {
		const simulator = await startTestSimulator();
		const { status, body } = await sendApiRequest(simulator, 'POST', '/webhooks', NEW);
		expect(status).toBe(201);
		expect(body).toEqual({
			id: expect.stringMatching(/^wh_[0-9a-f]{16}$/),
			url: URL,
			events: ['session.completed'],
			active: true,
			status: 'active',
			created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
			updated_at: body.created_at,
		});
	});

	it('registers a paused webhook on request', async () => {
		const simulator = await startTestSimulator();
		const { body } = await sendApiRequest(simulator, 'POST', '/webhooks', {
			...NEW,
			active: false,
		});
		expect(body).toMatchObject({ active: false, status: 'paused' });
		expect(simulator.emit('session.completed').deliveryIds).toEqual([]);
	});

	it('accepts the same url twice', async () => {
		const simulator = await startTestSimulator();
		expect(await createWebhook(simulator, URL)).not.toBe(await createWebhook(simulator, URL));
	});

	it('rejects the same url with 409 if urls must be unique', async () => {
		const simulator = await startTestSimulator({ uniqueUrls: true });
		await createWebhook(simulator, URL);
		const { status, body } = await sendApiRequest(simulator, 'POST', '/webhooks', NEW);
		expect(status).toBe(409);
		expect(body.error).toMatchObject({ code: 'conflict', param: 'url' });
		expect(simulator.webhooks()).toHaveLength(1);
	});

	it('never returns the secret', async () => {
		const simulator = await startTestSimulator();
		const secret = 'a secret';
		const created = await sendApiRequest(simulator, 'POST', '/webhooks', { ...NEW, secret });
		const { id } = created.body;
		const responses = [
			created,
			await sendApiRequest(simulator, 'GET', '/webhooks'),
			await sendApiRequest(simulator, 'PATCH', `/webhooks/${id}`, { active: true }),
			await sendApiRequest(simulator, 'POST', `/webhooks/${id}/test`),
		];
		expect(JSON.stringify(responses)).not.toContain(secret);
		expect(simulator.webhooks()[0]?.secret).toBe(secret);
	});
});

describe('GET /webhooks', () => {
	it('returns pages of twenty, oldest first', async () => {
		const simulator = await startTestSimulator();
		const ids: string[] = [];
		for (let i = 0; i < 45; i++) ids.push(await createWebhook(simulator, `${URL}/${i}`));
		const listed: string[] = [];
		const sizes: number[] = [];
		let cursor: string | null = null;
		do {
			const query: string = cursor === null ? '' : `?cursor=${cursor}`;
			const { body } = await sendApiRequest(simulator, 'GET', `/webhooks${query}`);
			listed.push(...body.data.map(({ id }: { id: string }) => id));
			sizes.push(body.data.length);
			expect(body.has_more).toBe(body.next_cursor !== null);
			cursor = body.next_cursor;
		} while (cursor !== null);
		expect(listed).toEqual(ids);
		expect(sizes).toEqual([20, 20, 5]);
	});

	it('returns pages of the requested size', async () => {
		const simulator = await startTestSimulator();
		for (let i = 0; i < 3; i++) await createWebhook(simulator, URL);
		const sizeWith = async (limit: number) => {
			const { body } = await sendApiRequest(simulator, 'GET', `/webhooks?limit=${limit}`);
			return [body.data.length, body.has_more];
		};
		expect(await sizeWith(2)).toEqual([2, true]);
		expect(await sizeWith(3)).toEqual([3, false]);
		expect(await sizeWith(100)).toEqual([3, false]);
	});

	it('continues after a deleted webhook', async () => {
		const simulator = await startTestSimulator();
		const [first = '', second] = [
			await createWebhook(simulator, URL),
			await createWebhook(simulator, URL),
		];
		const page = await sendApiRequest(simulator, 'GET', '/webhooks?limit=1');
		await sendApiRequest(simulator, 'DELETE', `/webhooks/${first}`);
		const next = await sendApiRequest(
			simulator,
			'GET',
			`/webhooks?limit=1&cursor=${page.body.next_cursor}`,
		);
		expect(next.body.data).toMatchObject([{ id: second }]);
	});

	it('returns an empty page without webhooks', async () => {
		const simulator = await startTestSimulator();
		const { status, body } = await sendApiRequest(simulator, 'GET', '/webhooks');
		expect(status).toBe(200);
		expect(body).toEqual({ data: [], has_more: false, next_cursor: null });
	});
});

describe('PATCH /webhooks/{id}', () => {
	it('changes events and status, and ignores other fields', async () => {
		const simulator = await startTestSimulator();
		const id = await createWebhook(simulator, URL);
		const changes = {
			events: ['session.failed'],
			active: false,
			url: 'http://elsewhere',
			secret: 'x',
		};
		const { status, body } = await sendApiRequest(simulator, 'PATCH', `/webhooks/${id}`, changes);
		expect(status).toBe(200);
		expect(body).toMatchObject({ id, url: URL, events: ['session.failed'], status: 'paused' });
		expect(simulator.webhooks()[0]?.secret).not.toBe('x');
	});

	it('changes the delivered events', async () => {
		const simulator = await startTestSimulator();
		const receiver = await startReceiver();
		const id = await createWebhook(simulator, receiver.url, ['session.completed']);
		await sendApiRequest(simulator, 'PATCH', `/webhooks/${id}`, { events: ['session.failed'] });
		simulator.emit('session.completed');
		simulator.emit('session.failed');
		await simulator.waitUntilIdle();
		expect(receiver.events().map(({ type }) => type)).toEqual(['session.failed']);
	});
});

describe('DELETE /webhooks/{id}', () => {
	it('deletes the webhook, even with a JSON content type and no body', async () => {
		const simulator = await startTestSimulator();
		const id = await createWebhook(simulator, URL);
		const { status, body } = await send(
			'DELETE',
			`${simulator.baseUrl}/webhooks/${id}`,
			undefined,
			{
				Authorization: `Bearer ${simulator.apiKey}`,
				'Content-Type': 'application/json',
			},
		);
		expect([status, body]).toEqual([204, '']);
		expect(simulator.webhooks()).toEqual([]);
	});
});

describe('an unknown webhook', () => {
	it.each([
		['PATCH', '/webhooks/wh_none', { active: true }],
		['DELETE', '/webhooks/wh_none', undefined],
		['POST', '/webhooks/wh_none/test', undefined],
	])('responds with 404 to %s %s', async (method, path, input) => {
		const simulator = await startTestSimulator();
		const { status, body } = await sendApiRequest(simulator, method, path, input);
		expect(status).toBe(404);
		expect(body).toEqual({ error: { code: 'not_found', message: 'There is no such webhook' } });
	});
});

describe('from outside n8n', () => {
	it('a webhook can be paused', async () => {
		const simulator = await startTestSimulator();
		simulator.pauseWebhook(await createWebhook(simulator, URL));
		const { body } = await sendApiRequest(simulator, 'GET', '/webhooks');
		expect(body.data).toMatchObject([{ active: false, status: 'paused' }]);
	});

	it('a webhook can be deleted', async () => {
		const simulator = await startTestSimulator();
		simulator.deleteWebhook(await createWebhook(simulator, URL));
		const { body } = await sendApiRequest(simulator, 'GET', '/webhooks');
		expect(body.data).toEqual([]);
	});

	it('an unknown webhook is rejected', async () => {
		const simulator = await startTestSimulator();
		expect(() => simulator.pauseWebhook('wh_none')).toThrow(RangeError);
		expect(() => simulator.deleteWebhook('wh_none')).toThrow(RangeError);
	});
});
