import { describe, expect, it } from '@jest/globals';

import { call, callApi, register } from '../support/api.mts';
import { receive, simulate } from './harness/world.mts';

const URL = 'http://127.0.0.1:9/hook';
const NEW = { url: URL, events: ['session.completed'], secret: 's' };

describe('POST /webhooks', () => {
	it('registers an active webhook and answers it with 201', async () => {
		const simulator = await simulate();
		const { status, body } = await callApi(simulator, 'POST', '/webhooks', NEW);
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

	it('registers a paused one where it is told to', async () => {
		const simulator = await simulate();
		const { body } = await callApi(simulator, 'POST', '/webhooks', { ...NEW, active: false });
		expect(body).toMatchObject({ active: false, status: 'paused' });
		expect(simulator.emit('session.completed').deliveryIds).toEqual([]);
	});

	it('registers the same url twice', async () => {
		const simulator = await simulate();
		expect(await register(simulator, URL)).not.toBe(await register(simulator, URL));
	});

	it('refuses the same url with 409 where urls are unique', async () => {
		const simulator = await simulate({ uniqueUrls: true });
		await register(simulator, URL);
		const { status, body } = await callApi(simulator, 'POST', '/webhooks', NEW);
		expect(status).toBe(409);
		expect(body.error).toMatchObject({ code: 'conflict', param: 'url' });
		expect(simulator.webhooks()).toHaveLength(1);
	});

	it('keeps the secret to itself', async () => {
		const simulator = await simulate();
		const secret = 'never to be seen';
		const created = await callApi(simulator, 'POST', '/webhooks', { ...NEW, secret });
		const { id } = created.body;
		const answers = [
			created,
			await callApi(simulator, 'GET', '/webhooks'),
			await callApi(simulator, 'PATCH', `/webhooks/${id}`, { active: true }),
			await callApi(simulator, 'POST', `/webhooks/${id}/test`),
		];
		expect(JSON.stringify(answers)).not.toContain(secret);
		expect(simulator.webhooks()[0]?.secret).toBe(secret);
	});
});

describe('GET /webhooks', () => {
	it('gives pages of twenty, oldest first, until the last', async () => {
		const simulator = await simulate();
		const ids: string[] = [];
		for (let i = 0; i < 45; i++) ids.push(await register(simulator, `${URL}/${i}`));
		const listed: string[] = [];
		const sizes: number[] = [];
		let cursor: string | null = null;
		do {
			const query: string = cursor === null ? '' : `?cursor=${cursor}`;
			const { body } = await callApi(simulator, 'GET', `/webhooks${query}`);
			listed.push(...body.data.map(({ id }: { id: string }) => id));
			sizes.push(body.data.length);
			expect(body.has_more).toBe(body.next_cursor !== null);
			cursor = body.next_cursor;
		} while (cursor !== null);
		expect(listed).toEqual(ids);
		expect(sizes).toEqual([20, 20, 5]);
	});

	it('gives pages of the size asked for', async () => {
		const simulator = await simulate();
		for (let i = 0; i < 3; i++) await register(simulator, URL);
		const sizeWith = async (limit: number) => {
			const { body } = await callApi(simulator, 'GET', `/webhooks?limit=${limit}`);
			return [body.data.length, body.has_more];
		};
		expect(await sizeWith(2)).toEqual([2, true]);
		expect(await sizeWith(3)).toEqual([3, false]);
		expect(await sizeWith(100)).toEqual([3, false]);
	});

	it('continues where it was, although that webhook is gone', async () => {
		const simulator = await simulate();
		const [first = '', second] = [await register(simulator, URL), await register(simulator, URL)];
		const page = await callApi(simulator, 'GET', '/webhooks?limit=1');
		await callApi(simulator, 'DELETE', `/webhooks/${first}`);
		const next = await callApi(
			simulator,
			'GET',
			`/webhooks?limit=1&cursor=${page.body.next_cursor}`,
		);
		expect(next.body.data).toMatchObject([{ id: second }]);
	});

	it('of an account without webhooks gives an empty page', async () => {
		const simulator = await simulate();
		const { status, body } = await callApi(simulator, 'GET', '/webhooks');
		expect(status).toBe(200);
		expect(body).toEqual({ data: [], has_more: false, next_cursor: null });
	});
});

describe('PATCH /webhooks/{id}', () => {
	it('changes events and pauses, and ignores the rest', async () => {
		const simulator = await simulate();
		const id = await register(simulator, URL);
		const changes = {
			events: ['session.failed'],
			active: false,
			url: 'http://elsewhere',
			secret: 'x',
		};
		const { status, body } = await callApi(simulator, 'PATCH', `/webhooks/${id}`, changes);
		expect(status).toBe(200);
		expect(body).toMatchObject({ id, url: URL, events: ['session.failed'], status: 'paused' });
		expect(simulator.webhooks()[0]?.secret).not.toBe('x');
	});

	it('changes what events arrive', async () => {
		const simulator = await simulate();
		const receiver = await receive();
		const id = await register(simulator, receiver.url, ['session.completed']);
		await callApi(simulator, 'PATCH', `/webhooks/${id}`, { events: ['session.failed'] });
		simulator.emit('session.completed');
		simulator.emit('session.failed');
		await simulator.idle();
		expect(receiver.events().map(({ type }) => type)).toEqual(['session.failed']);
	});
});

describe('DELETE /webhooks/{id}', () => {
	it('removes the webhook, also where a JSON body is announced and none sent', async () => {
		const simulator = await simulate();
		const id = await register(simulator, URL);
		const { status, body } = await call(
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
	])('gives 404 to %s %s', async (method, path, input) => {
		const simulator = await simulate();
		const { status, body } = await callApi(simulator, method, path, input);
		expect(status).toBe(404);
		expect(body).toEqual({ error: { code: 'not_found', message: 'There is no such webhook' } });
	});
});

describe('behind the back of its owner', () => {
	it('a webhook can be paused', async () => {
		const simulator = await simulate();
		simulator.pauseWebhook(await register(simulator, URL));
		const { body } = await callApi(simulator, 'GET', '/webhooks');
		expect(body.data).toMatchObject([{ active: false, status: 'paused' }]);
	});

	it('a webhook can be removed', async () => {
		const simulator = await simulate();
		simulator.removeWebhook(await register(simulator, URL));
		const { body } = await callApi(simulator, 'GET', '/webhooks');
		expect(body.data).toEqual([]);
	});

	it('there must be one', async () => {
		const simulator = await simulate();
		expect(() => simulator.pauseWebhook('wh_none')).toThrow(RangeError);
		expect(() => simulator.removeWebhook('wh_none')).toThrow(RangeError);
	});
});
