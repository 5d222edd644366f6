import { describe, expect, it, jest } from '@jest/globals';
import { fakeOnly } from '../support/jest.mts';

import {
	calls,
	credential,
	events,
	forEachTest,
	host,
	only,
	others,
	register,
	simulator,
	takeEachUrlOnce,
} from './harness/registering.mts';
import { useCheapDigests } from './harness/cheapDigest.mts';

useCheapDigests();

forEachTest();

describe('a fault that passes', () => {
	it.each<[string, object]>([
		['a rate limit', { kind: 'answer', status: 429, retryAfter: 1 }],
		['a rate limit, twice', { kind: 'answer', status: 429, retryAfter: 1, times: 2 }],
		['a failure of the service', { kind: 'answer', status: 503 }],
		['two failures', { kind: 'answer', status: 500, times: 2 }],
		['a connection that is cut', { kind: 'reset' }],
		['a response that is lost', { kind: 'lost-answer' }],
	])('%s stops neither publishing nor unpublishing', async (_, fault) => {
		const onAny = (method: string) =>
			simulator.faults.add({ on: 'api', method, ...fault } as never);
		onAny('GET');
		await host.publish();
		expect(only()).toMatchObject({ url: host.url, events, active: true });
		expect(await host.run('checkExists')).toBe(true);
		onAny('GET');
		onAny('DELETE');
		await host.unpublish();
		expect(simulator.webhooks()).toEqual([]);
		expect(host.log.filter(({ level }) => level === 'warn')).toEqual([]);
	});

	it('a rate limit stops not even the call that creates, which had no effect', async () => {
		const post = { on: 'api', method: 'POST', path: '/webhooks', kind: 'answer' } as const;
		simulator.faults.add({ ...post, status: 429, retryAfter: 1 });
		await host.publish();
		only();
	});

	it.each([
		['of 61 seconds', 61],
		['that comes again and again', 60],
	])('a rate limit %s is not waited for beyond what n8n allows', async (_, retryAfter) => {
		jest.useFakeTimers(fakeOnly('setTimeout', 'clearTimeout', 'performance'));
		const limited = { kind: 'answer', status: 429, retryAfter, times: 99 } as const;
		simulator.faults.add({ on: 'api', method: 'GET', ...limited });
		const start = performance.now();
		const texts: string[] = [];
		try {
			// As n8n tries again: five times, 1, 2, 4 and 8 seconds apart.
			for (let attempt = 0; attempt < 5; attempt++) {
				const publishing = host.run('create').catch((error: Error) => texts.push(error.message));
				let isOver = false;
				void publishing.finally(() => (isOver = true));
				while (!isOver) await jest.advanceTimersByTimeAsync(50);
				await jest.advanceTimersByTimeAsync(1_000 * 2 ** attempt);
			}
			expect(texts).toHaveLength(5);
			expect(texts.every((text) => /rate limit is used up/.test(text))).toBe(true);
			expect(performance.now() - start - 31_000).toBeLessThan(70_000);
		} finally {
			jest.useRealTimers();
		}
	});
});

describe('a fault of the API', () => {
	it.each([
		[{ kind: 'answer' as const, status: 429, retryAfter: 61 }, /rate limit.*61 seconds/],
		[{ kind: 'answer' as const, status: 500 }, /failed to process the request \(500/],
		[{ kind: 'answer' as const, status: 503 }, /failed to process the request \(503/],
		[{ kind: 'reset' as const }, /could not be reached.*connection was cut/],
	])('%j that lasts stops the publication, and makes no second webhook', async (fault, text) => {
		await host.publish();
		const { id } = only();
		simulator.faults.add({ on: 'api', method: 'GET', path: '/webhooks', ...fault, times: 9 });
		await expect(host.publish('init')).rejects.toThrow(text);
		expect(only().id).toBe(id);
	});

	it.each([
		[{ kind: 'answer' as const, status: 500 }, /failed to process the request/],
		[{ kind: 'lost-answer' as const }, /could not be reached/],
	])('%j at the creation leaves nothing behind', async (fault, text) => {
		simulator.faults.add({ on: 'api', method: 'POST', path: '/webhooks', ...fault });
		await expect(host.run('create')).rejects.toThrow(text);
		expect(simulator.webhooks()).toEqual([]);
		expect(JSON.stringify(host.savedStaticData)).not.toContain('webhookId');
		expect(host.log).toEqual([]);
		await host.publish();
		only();
	});

	it('at the creation leaves what others have made meanwhile', async () => {
		const id = await register();
		const path = '/webhooks';
		simulator.faults.add({ on: 'api', method: 'GET', path, kind: 'answer', status: 200, body: [] });
		simulator.faults.add({ on: 'api', method: 'POST', path, kind: 'lost-answer' });
		await expect(host.run('create')).rejects.toThrow(/could not be reached/);
		expect(only().id).toBe(id);
	});

	it('by which the new webhook has no id in the answer, and one in the list, leaves nothing', async () => {
		const on = { on: 'api', path: '/webhooks', kind: 'answer', status: 200 } as const;
		simulator.faults.add({ ...on, method: 'GET', body: [] });
		simulator.faults.add({ ...on, method: 'POST', body: {} });
		simulator.faults.add({ ...on, method: 'GET', body: [{ id: 'wh_1', url: host.url }] });
		await expect(host.run('create')).rejects.toThrow(/gave no id/);
		expect(calls().at(-1)).toBe('DELETE /v1/webhooks/wh_1');
		expect(host.log).toEqual([]);
	});

	it('at the creation leaves what others have, under this url as well', async () => {
		const ids = [await register(), await register({ ...others, url: host.url })];
		simulator.faults.add({ on: 'api', method: 'POST', path: '/webhooks', kind: 'lost-answer' });
		await expect(host.run('create')).rejects.toThrow(/could not be reached/);
		expect(simulator.webhooks().map(({ id }) => id)).toEqual(ids);
	});

	it('by which nothing was created leaves the old webhook, and asks for nothing more', async () => {
		const id = await register({ ...others, url: host.url });
		const post = { on: 'api', method: 'POST', path: '/webhooks', kind: 'answer' } as const;
		simulator.faults.add({ ...post, status: 400 });
		const before = calls().length;
		await expect(host.run('create')).rejects.toThrow(/rejected the request \(400/);
		expect(calls().slice(before)).toEqual(['GET /v1/webhooks', 'POST /v1/webhooks']);
		expect(only().id).toBe(id);
	});

	it('by which the url is taken, although nothing of it is listed, ends the attempt', async () => {
		const post = { on: 'api', method: 'POST', path: '/webhooks', kind: 'answer' } as const;
		simulator.faults.add({ ...post, status: 409 });
		await expect(host.run('create')).rejects.toThrow(/has this already \(409/);
		expect(calls()).toEqual(['GET /v1/webhooks', 'POST /v1/webhooks']);
	});

	it('at the removal of an old webhook, which certainly is there, takes the new one back', async () => {
		const id = await register({ ...others, url: host.url });
		const path = `/webhooks/${id}`;
		simulator.faults.add({ on: 'api', method: 'DELETE', path, kind: 'answer', status: 403 });
		await expect(host.run('create')).rejects.toThrow(/does not allow this/);
		expect(only().id).toBe(id);
	});

	it('at the removal of an old webhook takes the new one back', async () => {
		const id = await register({ ...others, url: host.url });
		simulator.faults.add({
			on: 'api',
			method: 'DELETE',
			path: `/webhooks/${id}`,
			kind: 'answer',
			status: 500,
			times: 3,
		});
		await expect(host.run('create')).rejects.toThrow(/failed to process the request/);
		expect(only().id).toBe(id);
		await host.publish();
		expect(only().id).not.toBe(id);
	});

	it('that lasts leaves behind what cannot be taken back, and the log says so', async () => {
		await register({ ...others, url: host.url });
		simulator.faults.add({ on: 'api', method: 'DELETE', kind: 'answer', status: 500, times: 9 });
		await expect(host.run('create')).rejects.toThrow(/failed to process the request/);
		expect(simulator.webhooks()).toHaveLength(2);
		expect(host.log.filter(({ level }) => level === 'warn')).toMatchObject([
			{ message: expect.stringContaining(`a webhook for ${host.url} may be left in MindPeeker`) },
		]);
	});

	it('is said to be the network where nothing listens', async () => {
		host.setup.credential = credential({ baseUrl: 'http://127.0.0.1:9/v1' });
		await expect(host.publish()).rejects.toThrow(
			/could not be reached at 127\.0\.0\.1:9: the connection was refused/,
		);
	});

	it('is said to be the key where that is wrong', async () => {
		host.setup.credential = credential({ apiKey: 'wrong' });
		await expect(host.publish()).rejects.toThrow(/does not accept the API key \(401/);
		expect(simulator.webhooks()).toEqual([]);
	});

	it.each(['', 'mindpeeker', '127.0.0.1:4010/v1', 'localhost:4010/v1', 'ftp://example.com'])(
		'is said to be the base url where that is "%s"',
		async (baseUrl) => {
			host.setup.credential = credential({ baseUrl });
			await expect(host.publish()).rejects.toThrow(
				/base URL in the MindPeeker credential is not an http/,
			);
		},
	);

	it('is said to be the base url where another service answers', async () => {
		host.setup.credential = credential({ baseUrl: simulator.baseUrl.replace('/v1', '') + '/?x=' });
		await expect(host.publish()).rejects.toThrow(/Check the .*base URL/);
	});

	it('is said to be the base url where its version is missing', async () => {
		host.setup.credential = credential({ baseUrl: simulator.origin });
		await expect(host.publish()).rejects.toThrow(/\(404.*base URL.*including its version/);
	});

	it.each(['upstream ECONNREFUSED', 'Authorization service is down'])(
		'keeps its text where the service says "%s"',
		async (message) => {
			const body = { error: { code: 'unavailable', message } };
			simulator.faults.add({ on: 'api', kind: 'answer', status: 503, body, times: 9 });
			const failure = await host.publish().catch((error: Error) => error);
			expect(String(failure)).toMatch(/MindPeeker failed to process the request \(503/);
			expect(String(failure)).not.toMatch(/authorization/i);
		},
	);

	it('that passes is overcome by n8n, with one webhook in the end', async () => {
		const id = await register({ ...others, url: host.url });
		simulator.faults.add({
			on: 'api',
			method: 'POST',
			path: '/webhooks',
			kind: 'lost-answer',
			times: 2,
		});
		simulator.faults.add({
			on: 'api',
			method: 'DELETE',
			path: `/webhooks/${id}`,
			kind: 'reset',
			times: 3,
		});
		await host.publishWithRetries();
		expect(only().url).toBe(host.url);
		expect(JSON.stringify(host.savedStaticData)).toContain(only().secret);
	});

	it('that stays leaves no second webhook', async () => {
		simulator.faults.add({
			on: 'api',
			method: 'POST',
			path: '/webhooks',
			kind: 'lost-answer',
			times: 9,
		});
		await expect(host.publishWithRetries()).rejects.toThrow(/could not be reached/);
		expect(simulator.webhooks()).toEqual([]);
	});

	it('among several removals takes the new webhook back and leaves our own in place', async () => {
		await host.publish();
		const { id } = only();
		const stranger = await register({ ...others, url: host.url });
		host.setup.credential = credential({ signingSecret: 'correct horse' });
		const path = `/webhooks/${stranger}`;
		const fault = { kind: 'answer', status: 500, times: 3 } as const;
		simulator.faults.add({ on: 'api', method: 'DELETE', path, ...fault });
		await expect(host.run('create')).rejects.toThrow(/failed to process/);
		expect(simulator.webhooks().map((webhook) => webhook.id)).toContain(id);
		expect(simulator.webhooks()).toHaveLength(2);
	});

	it('after the old webhook had to go first is overcome by the next attempt', async () => {
		await takeEachUrlOnce();
		await register({ ...others, url: host.url });
		const taken = { on: 'api', method: 'POST', path: '/webhooks', kind: 'answer' } as const;
		simulator.faults.add({ ...taken, status: 409 });
		simulator.faults.add({ ...taken, status: 503 });
		await expect(host.run('create')).rejects.toThrow(/failed to process/);
		await host.publish();
		expect(only().url).toBe(host.url);
	});

	it('that gives the webhook that is there for a new one has it replaced', async () => {
		const id = await register({ ...others, url: host.url });
		const post = { on: 'api', method: 'POST', path: '/webhooks', kind: 'answer' } as const;
		simulator.faults.add({ ...post, status: 200, body: { ...others, url: host.url, id } });
		await host.publish();
		expect(only().id).not.toBe(id);
		expect(JSON.stringify(host.savedStaticData)).toContain(only().secret);
	});

	it('that gives the new webhook the id of the one that had to go is none', async () => {
		const id = await register({ ...others, url: host.url });
		const post = { on: 'api', method: 'POST', path: '/webhooks', kind: 'answer' } as const;
		simulator.faults.add({ ...post, status: 409 });
		simulator.faults.add({ ...post, status: 201, body: { id, url: host.url, events } });
		await host.run('create');
		expect(JSON.stringify(host.savedStaticData)).toContain(`"webhookId":"${id}"`);
		expect(calls().filter((call) => call.startsWith('DELETE'))).toHaveLength(1);
	});

	it('that reuses the id of the one that had to go, and loses its answer, leaves nothing', async () => {
		const id = await register({ ...others, url: host.url });
		const on = { on: 'api', path: '/webhooks', kind: 'answer' } as const;
		const reused = [{ id, url: host.url, events: [] }];
		simulator.faults.add({ ...on, method: 'POST', status: 409 });
		simulator.faults.add({ ...on, method: 'POST', status: 502 });
		simulator.faults.add({ ...on, method: 'GET', status: 200, body: reused });
		simulator.faults.add({ ...on, method: 'GET', status: 200, body: reused });
		await expect(host.run('create')).rejects.toThrow(/failed to process/);
		expect(calls().filter((call) => call.startsWith('DELETE'))).toHaveLength(2);
	});

	it.each([
		['', []],
		[' after the old one had to go', [{ status: 409, body: {} }]],
	])(
		"that gives another's webhook for a new one%s stores and removes nothing",
		async (_, first) => {
			const id = await register();
			if (first.length > 0) await register({ ...others, url: host.url });
			const post = { on: 'api', method: 'POST', path: '/webhooks', kind: 'answer' } as const;
			for (const answer of [...first, { status: 201, body: { ...others, id } }])
				simulator.faults.add({ ...post, ...answer });
			await expect(host.run('create')).rejects.toThrow(/an id that another one has/);
			expect(JSON.stringify(host.savedStaticData)).not.toContain('webhookId');
			expect(only().id).toBe(id);
			await host.unpublish();
			expect(only().id).toBe(id);
		},
	);

	it.each(['GET', 'PATCH', 'DELETE'])(
		'never shows the secret that the trigger made, at %s as little',
		async (method) => {
			await host.publish();
			const { id, secret } = only();
			simulator.pauseWebhook(id);
			const answer = {
				kind: 'answer',
				status: 422,
				body: { message: `secret ${secret}` },
			} as const;
			const path = method === 'GET' ? '/webhooks' : `/webhooks/${id}`;
			simulator.faults.add({ on: 'api', method, path, ...answer });
			const failure = await host
				.run(method === 'DELETE' ? 'delete' : 'create')
				.catch((error: Error) => error);
			expect(String(failure)).toContain('(422: secret …)');
			const all = JSON.stringify(failure, Object.getOwnPropertyNames(failure));
			expect(all).not.toContain(secret);
		},
	);

	it('shows nothing of a secret that begins with another', async () => {
		host.setup.credential = credential({
			signingSecret: 'horse',
			previousSigningSecret: 'horse 2',
		});
		const body = { message: 'horse 2, horse' };
		simulator.faults.add({ on: 'api', method: 'GET', kind: 'answer', status: 422, body });
		await expect(host.publish()).rejects.toThrow('(422: …, …)');
	});

	it('never shows the API key or the secret', async () => {
		host.setup.credential = credential({ signingSecret: 'correct horse' });
		const message = `secret correct horse of key ${simulator.apiKey} is weak`;
		const body = { error: { code: 'invalid_request', message } };
		const path = '/webhooks';
		simulator.faults.add({ on: 'api', method: 'POST', path, kind: 'answer', status: 422, body });
		const failure = await host.publish().catch((error: Error) => error);
		expect(String(failure)).toContain('secret … of key … is weak');
		const all = JSON.stringify(failure, Object.getOwnPropertyNames(failure));
		expect(all).not.toContain('correct horse');
		expect(all).not.toContain(simulator.apiKey);
	});
});
