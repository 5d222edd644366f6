import { describe, expect, it, jest } from '@jest/globals';
import { fakeOnly } from '../support/jest.mts';

import {
	getRequests,
	createCredential,
	events,
	setUpEachTest,
	host,
	getOnlyWebhook,
	otherWebhook,
	addWebhook,
	simulator,
	useUniqueUrls,
} from './harness/triggerSetup.mts';
import { useFastScrypt } from './harness/fastScrypt.mts';

useFastScrypt();

setUpEachTest();

/** Advances the fake time until the promise settles. Requests take real time meanwhile. */
async function advanceUntilSettled(promise: Promise<unknown>): Promise<void> {
	let isSettled = false;
	void promise.finally(() => (isSettled = true)).catch(() => {});
	while (!isSettled) await jest.advanceTimersByTimeAsync(50);
	await promise;
}

describe('a transient failure', () => {
	it.each<[string, object]>([
		['a rate limit', { kind: 'response', status: 429, retryAfter: 1 }],
		['a rate limit, twice', { kind: 'response', status: 429, retryAfter: 1, times: 2 }],
		['a server error', { kind: 'response', status: 503 }],
		['two server errors', { kind: 'response', status: 500, times: 2 }],
		['a closed connection', { kind: 'reset' }],
		['a lost response', { kind: 'lost-response' }],
	])('does not stop publishing and unpublishing: %s', async (_, fault) => {
		const addFault = (method: string) =>
			simulator.faults.add({ on: 'api', method, ...fault } as never);
		addFault('GET');
		await host.publish();
		expect(getOnlyWebhook()).toMatchObject({ url: host.url, events, active: true });
		expect(await host.run('checkExists')).toBe(true);
		addFault('GET');
		addFault('DELETE');
		await host.unpublish();
		expect(simulator.webhooks()).toEqual([]);
		expect(host.log.filter(({ level }) => level === 'warn')).toEqual([]);
	});

	it('does not stop the creation: a rate limit', async () => {
		const post = { on: 'api', method: 'POST', path: '/webhooks', kind: 'response' } as const;
		simulator.faults.add({ ...post, status: 429, retryAfter: 1 });
		await host.publish();
		getOnlyWebhook();
	});

	it.each([
		['of 61 seconds', 61],
		['that repeats', 60],
	])('a rate limit %s does not delay publishing beyond the limit of n8n', async (_, retryAfter) => {
		jest.useFakeTimers(fakeOnly('setTimeout', 'clearTimeout', 'performance'));
		const limited = { kind: 'response', status: 429, retryAfter, times: 99 } as const;
		simulator.faults.add({ on: 'api', method: 'GET', ...limited });
		const start = performance.now();
		const texts: string[] = [];
		try {
			// n8n makes five attempts, with delays of 1, 2, 4 and 8 seconds.
			for (let attempt = 0; attempt < 5; attempt++) {
				const publishing = host.run('create').catch((error: Error) => texts.push(error.message));
				await advanceUntilSettled(publishing);
				await jest.advanceTimersByTimeAsync(1_000 * 2 ** attempt);
			}
			expect(texts).toHaveLength(5);
			expect(texts.every((text) => /rate limit was exceeded/.test(text))).toBe(true);
			expect(performance.now() - start - 31_000).toBeLessThan(70_000);
		} finally {
			jest.useRealTimers();
		}
	});

	it.each([
		['after unpublishing has the full time for a rate limit', 'activate', 1],
		['of a changed trigger shares the time of n8n with the removal', 'update', 0],
	] as const)('publishing %s', async (_, activation, count) => {
		await host.publish();
		jest.useFakeTimers(fakeOnly('setTimeout', 'clearTimeout', 'performance'));
		try {
			await host.unpublish();
			await jest.advanceTimersByTimeAsync(69_000);
			const limited = { kind: 'response', status: 429, retryAfter: 10 } as const;
			simulator.faults.add({ on: 'api', method: 'GET', ...limited });
			await advanceUntilSettled(host.publish(activation).catch(() => {}));
			expect(simulator.webhooks()).toHaveLength(count);
		} finally {
			jest.useRealTimers();
		}
	});
});

describe('a failure of the API', () => {
	it.each([
		[{ kind: 'response' as const, status: 429, retryAfter: 61 }, /rate limit.*61 seconds/],
		[{ kind: 'response' as const, status: 500 }, /failed to process the request \(500/],
		[{ kind: 'response' as const, status: 503 }, /failed to process the request \(503/],
		[{ kind: 'reset' as const }, /could not be reached.*connection was closed/],
	])('stops publishing without a second webhook: %j', async (fault, text) => {
		await host.publish();
		const { id } = getOnlyWebhook();
		simulator.faults.add({ on: 'api', method: 'GET', path: '/webhooks', ...fault, times: 9 });
		await expect(host.publish('init')).rejects.toThrow(text);
		expect(getOnlyWebhook().id).toBe(id);
	});

	it.each([
		[{ kind: 'response' as const, status: 500 }, /failed to process the request/],
		[{ kind: 'lost-response' as const }, /could not be reached/],
	])('during the creation leaves no webhook: %j', async (fault, text) => {
		simulator.faults.add({ on: 'api', method: 'POST', path: '/webhooks', ...fault });
		await expect(host.run('create')).rejects.toThrow(text);
		expect(simulator.webhooks()).toEqual([]);
		expect(JSON.stringify(host.savedStaticData)).not.toContain('webhookId');
		expect(host.log).toEqual([]);
		await host.publish();
		getOnlyWebhook();
	});

	it('during the creation keeps webhooks that others created meanwhile', async () => {
		const id = await addWebhook();
		const path = '/webhooks';
		simulator.faults.add({
			on: 'api',
			method: 'GET',
			path,
			kind: 'response',
			status: 200,
			body: [],
		});
		simulator.faults.add({ on: 'api', method: 'POST', path, kind: 'lost-response' });
		await expect(host.run('create')).rejects.toThrow(/could not be reached/);
		expect(getOnlyWebhook().id).toBe(id);
	});

	it('with an ID only in the list leaves no webhook', async () => {
		const on = { on: 'api', path: '/webhooks', kind: 'response', status: 200 } as const;
		simulator.faults.add({ ...on, method: 'GET', body: [] });
		simulator.faults.add({ ...on, method: 'POST', body: {} });
		simulator.faults.add({ ...on, method: 'GET', body: [{ id: 'wh_1', url: host.url }] });
		await expect(host.run('create')).rejects.toThrow(/contains no ID/);
		expect(getRequests().at(-1)).toBe('DELETE /v1/webhooks/wh_1');
		expect(host.log).toEqual([]);
	});

	it('during the creation keeps the webhooks of others, also those for the same URL', async () => {
		const ids = [await addWebhook(), await addWebhook({ ...otherWebhook, url: host.url })];
		simulator.faults.add({ on: 'api', method: 'POST', path: '/webhooks', kind: 'lost-response' });
		await expect(host.run('create')).rejects.toThrow(/could not be reached/);
		expect(simulator.webhooks().map(({ id }) => id)).toEqual(ids);
	});

	it('that certainly created nothing keeps the old webhook, and sends no further requests', async () => {
		const id = await addWebhook({ ...otherWebhook, url: host.url });
		const post = { on: 'api', method: 'POST', path: '/webhooks', kind: 'response' } as const;
		simulator.faults.add({ ...post, status: 400 });
		const before = getRequests().length;
		await expect(host.run('create')).rejects.toThrow(/rejected the request \(400/);
		expect(getRequests().slice(before)).toEqual(['GET /v1/webhooks', 'POST /v1/webhooks']);
		expect(getOnlyWebhook().id).toBe(id);
	});

	it('with 409 although no webhook is listed stops publishing', async () => {
		const post = { on: 'api', method: 'POST', path: '/webhooks', kind: 'response' } as const;
		simulator.faults.add({ ...post, status: 409 });
		await expect(host.run('create')).rejects.toThrow(/already exists in MindPeeker \(409/);
		expect(getRequests()).toEqual(['GET /v1/webhooks', 'POST /v1/webhooks']);
	});

	it('with 403 during the deletion of an old webhook deletes the new one', async () => {
		const id = await addWebhook({ ...otherWebhook, url: host.url });
		const path = `/webhooks/${id}`;
		simulator.faults.add({ on: 'api', method: 'DELETE', path, kind: 'response', status: 403 });
		await expect(host.run('create')).rejects.toThrow(/does not have permission/);
		expect(getOnlyWebhook().id).toBe(id);
	});

	it('during the deletion of an old webhook deletes the new one', async () => {
		const id = await addWebhook({ ...otherWebhook, url: host.url });
		simulator.faults.add({
			on: 'api',
			method: 'DELETE',
			path: `/webhooks/${id}`,
			kind: 'response',
			status: 500,
			times: 3,
		});
		await expect(host.run('create')).rejects.toThrow(/failed to process the request/);
		expect(getOnlyWebhook().id).toBe(id);
		await host.publish();
		expect(getOnlyWebhook().id).not.toBe(id);
	});

	it('that persists is logged if the new webhook cannot be deleted', async () => {
		await addWebhook({ ...otherWebhook, url: host.url });
		simulator.faults.add({ on: 'api', method: 'DELETE', kind: 'response', status: 500, times: 9 });
		await expect(host.run('create')).rejects.toThrow(/failed to process the request/);
		expect(simulator.webhooks()).toHaveLength(2);
		expect(host.log.filter(({ level }) => level === 'warn')).toMatchObject([
			{ message: expect.stringContaining(`a webhook for ${host.url} may be left in MindPeeker`) },
		]);
	});

	it('names a refused connection', async () => {
		host.setup.credential = createCredential({ baseUrl: 'http://127.0.0.1:9/v1' });
		await expect(host.publish()).rejects.toThrow(
			/could not be reached at 127\.0\.0\.1:9: the connection was refused/,
		);
	});

	it('names an invalid API key', async () => {
		host.setup.credential = createCredential({ apiKey: 'wrong' });
		await expect(host.publish()).rejects.toThrow(/does not accept the API key \(401/);
		expect(simulator.webhooks()).toEqual([]);
	});

	it.each(['', 'mindpeeker', '127.0.0.1:4010/v1', 'localhost:4010/v1', 'ftp://example.com'])(
		'names the invalid base URL "%s"',
		async (baseUrl) => {
			host.setup.credential = createCredential({ baseUrl });
			await expect(host.publish()).rejects.toThrow(
				/base URL in the MindPeeker credential is not an http/,
			);
		},
	);

	it('names the base URL if another service responds', async () => {
		host.setup.credential = createCredential({
			baseUrl: simulator.baseUrl.replace('/v1', '') + '/?x=',
		});
		await expect(host.publish()).rejects.toThrow(/Check the .*base URL/);
	});

	it('names the base URL if its version is missing', async () => {
		host.setup.credential = createCredential({ baseUrl: simulator.origin });
		await expect(host.publish()).rejects.toThrow(/\(404.*base URL.*including its version/);
	});

	it.each(['upstream ECONNREFUSED', 'Authorization service is down'])(
		'keeps its text for the service error "%s"',
		async (message) => {
			const body = { error: { code: 'unavailable', message } };
			simulator.faults.add({ on: 'api', kind: 'response', status: 503, body, times: 9 });
			const failure = await host.publish().catch((error: Error) => error);
			expect(String(failure)).toMatch(/MindPeeker failed to process the request \(503/);
			expect(String(failure)).not.toMatch(/authorization/i);
		},
	);

	it('that is transient leaves one webhook after the retries of n8n', async () => {
		const id = await addWebhook({ ...otherWebhook, url: host.url });
		simulator.faults.add({
			on: 'api',
			method: 'POST',
			path: '/webhooks',
			kind: 'lost-response',
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
		expect(getOnlyWebhook().url).toBe(host.url);
		expect(JSON.stringify(host.savedStaticData)).toContain(getOnlyWebhook().secret);
	});

	it('that persists leaves no webhook after the retries of n8n', async () => {
		simulator.faults.add({
			on: 'api',
			method: 'POST',
			path: '/webhooks',
			kind: 'lost-response',
			times: 9,
		});
		await expect(host.publishWithRetries()).rejects.toThrow(/could not be reached/);
		expect(simulator.webhooks()).toEqual([]);
	});

	it('during several deletions deletes the new webhook and keeps the registered one', async () => {
		await host.publish();
		const { id } = getOnlyWebhook();
		const unknownId = await addWebhook({ ...otherWebhook, url: host.url });
		host.setup.credential = createCredential({ signingSecret: 'correct horse' });
		const path = `/webhooks/${unknownId}`;
		const fault = { kind: 'response', status: 500, times: 3 } as const;
		simulator.faults.add({ on: 'api', method: 'DELETE', path, ...fault });
		await expect(host.run('create')).rejects.toThrow(/failed to process/);
		expect(simulator.webhooks().map((webhook) => webhook.id)).toContain(id);
		expect(simulator.webhooks()).toHaveLength(2);
	});

	it('after the deletion of the old webhook is fixed by the next attempt', async () => {
		await useUniqueUrls();
		await addWebhook({ ...otherWebhook, url: host.url });
		const taken = { on: 'api', method: 'POST', path: '/webhooks', kind: 'response' } as const;
		simulator.faults.add({ ...taken, status: 409 });
		simulator.faults.add({ ...taken, status: 503 });
		await expect(host.run('create')).rejects.toThrow(/failed to process/);
		await host.publish();
		expect(getOnlyWebhook().url).toBe(host.url);
	});

	it('that returns the old webhook as the new one leads to a replacement', async () => {
		const id = await addWebhook({ ...otherWebhook, url: host.url });
		const post = { on: 'api', method: 'POST', path: '/webhooks', kind: 'response' } as const;
		simulator.faults.add({ ...post, status: 200, body: { ...otherWebhook, url: host.url, id } });
		await host.publish();
		expect(getOnlyWebhook().id).not.toBe(id);
		expect(JSON.stringify(host.savedStaticData)).toContain(getOnlyWebhook().secret);
	});

	it('is not assumed if the new webhook has the ID of the deleted one', async () => {
		const id = await addWebhook({ ...otherWebhook, url: host.url });
		const post = { on: 'api', method: 'POST', path: '/webhooks', kind: 'response' } as const;
		simulator.faults.add({ ...post, status: 409 });
		simulator.faults.add({ ...post, status: 201, body: { id, url: host.url, events } });
		await host.run('create');
		expect(JSON.stringify(host.savedStaticData)).toContain(`"webhookId":"${id}"`);
		expect(getRequests().filter((call) => call.startsWith('DELETE'))).toHaveLength(1);
	});

	it('that reuses the ID of the deleted webhook and loses the response leaves no webhook', async () => {
		const id = await addWebhook({ ...otherWebhook, url: host.url });
		const on = { on: 'api', path: '/webhooks', kind: 'response' } as const;
		const reused = [{ id, url: host.url, events: [] }];
		simulator.faults.add({ ...on, method: 'POST', status: 409 });
		simulator.faults.add({ ...on, method: 'POST', status: 502 });
		simulator.faults.add({ ...on, method: 'GET', status: 200, body: reused });
		simulator.faults.add({ ...on, method: 'GET', status: 200, body: reused });
		await expect(host.run('create')).rejects.toThrow(/failed to process/);
		expect(getRequests().filter((call) => call.startsWith('DELETE'))).toHaveLength(2);
	});

	it.each([
		['', []],
		[' after the deletion of the old one', [{ status: 409, body: {} }]],
	])(
		'that returns the webhook of others as the new one%s stores and deletes nothing',
		async (_, first) => {
			const id = await addWebhook();
			if (first.length > 0) await addWebhook({ ...otherWebhook, url: host.url });
			const post = { on: 'api', method: 'POST', path: '/webhooks', kind: 'response' } as const;
			for (const response of [...first, { status: 201, body: { ...otherWebhook, id } }])
				simulator.faults.add({ ...post, ...response });
			await expect(host.run('create')).rejects.toThrow(/the ID of an existing webhook/);
			expect(JSON.stringify(host.savedStaticData)).not.toContain('webhookId');
			expect(getOnlyWebhook().id).toBe(id);
			await host.unpublish();
			expect(getOnlyWebhook().id).toBe(id);
		},
	);

	it.each(['GET', 'PATCH', 'DELETE'])('never contains the generated secret: %s', async (method) => {
		await host.publish();
		const { id, secret } = getOnlyWebhook();
		simulator.pauseWebhook(id);
		const response = {
			kind: 'response',
			status: 422,
			body: { message: `secret ${secret}` },
		} as const;
		const path = method === 'GET' ? '/webhooks' : `/webhooks/${id}`;
		simulator.faults.add({ on: 'api', method, path, ...response });
		const failure = await host
			.run(method === 'DELETE' ? 'delete' : 'create')
			.catch((error: Error) => error);
		expect(String(failure)).toContain('(422: secret …)');
		const all = JSON.stringify(failure, Object.getOwnPropertyNames(failure));
		expect(all).not.toContain(secret);
	});

	it('redacts a secret that starts with another one', async () => {
		host.setup.credential = createCredential({
			signingSecret: 'horse',
			previousSigningSecret: 'horse 2',
		});
		const body = { message: 'horse 2, horse' };
		simulator.faults.add({ on: 'api', method: 'GET', kind: 'response', status: 422, body });
		await expect(host.publish()).rejects.toThrow('(422: …, …)');
	});

	it('never contains the API key or the secret', async () => {
		host.setup.credential = createCredential({ signingSecret: 'correct horse' });
		const message = `secret correct horse of key ${simulator.apiKey} is weak`;
		const body = { error: { code: 'invalid_request', message } };
		const path = '/webhooks';
		simulator.faults.add({ on: 'api', method: 'POST', path, kind: 'response', status: 422, body });
		const failure = await host.publish().catch((error: Error) => error);
		expect(String(failure)).toContain('secret … of key … is weak');
		const all = JSON.stringify(failure, Object.getOwnPropertyNames(failure));
		expect(all).not.toContain('correct horse');
		expect(all).not.toContain(simulator.apiKey);
	});
});
