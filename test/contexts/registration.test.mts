import type { IDataObject } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { EVENT_TYPES } from '../../nodes/shared/events/index.ts';
import { startSimulator, type Simulator } from '../../simulator/index.mts';
import { TriggerHost } from './harness/triggerHost.mts';

const events = ['session.completed', 'session.failed'];
let simulator: Simulator;
let host: TriggerHost;

beforeEach(async () => {
	simulator = await startSimulator();
	host = await new TriggerHost({ parameters: { events }, credential: credential() }).start();
});

afterEach(async () => {
	await host.stop();
	await simulator.close();
});

function credential(change: IDataObject = {}): IDataObject {
	return { apiKey: simulator.apiKey, environment: 'custom', baseUrl: simulator.baseUrl, ...change };
}

const calls = () =>
	simulator.requests().map(({ method, path }) => `${method} ${path.split('?')[0]}`);
const only = () => {
	const webhooks = simulator.webhooks();
	expect(webhooks).toHaveLength(1);
	return webhooks[0]!;
};
const others = {
	url: 'https://other.example.com/hook',
	events: ['session.completed'],
	secret: 's',
};

/** Makes a webhook at the service as somebody else would, and gives its id. */
async function register(webhook: IDataObject = others): Promise<string> {
	const response = await fetch(`${simulator.baseUrl}/webhooks`, {
		method: 'POST',
		headers: { Authorization: `Bearer ${simulator.apiKey}`, 'Content-Type': 'application/json' },
		body: JSON.stringify(webhook),
	});
	return ((await response.json()) as { id: string }).id;
}

describe('publishing', () => {
	it('registers one active webhook with our url, the chosen events and a secret of 32 random bytes', async () => {
		await host.publish();
		expect(only()).toMatchObject({ url: host.url, events, active: true });
		expect(only().secret).toMatch(/^[0-9a-f]{64}$/);
		expect(host.savedStaticData).toMatchObject({
			'node:MindPeeker Trigger': {
				registration: { webhookId: only().id, generatedSecret: only().secret },
			},
		});
	});

	it('registers the twenty names for all events', async () => {
		host.setup.parameters = { events: ['*'] };
		await host.publish();
		expect(only().events).toEqual(EVENT_TYPES.map(({ type }) => type));
	});

	it("uses the credential's secret, and does not store it", async () => {
		host.setup.credential = credential({ signingSecret: 'correct horse' });
		await host.publish();
		expect(only().secret).toBe('correct horse');
		expect(JSON.stringify(host.savedStaticData)).not.toContain('correct horse');
	});

	it('signs in with the API key as a bearer token, and sends JSON', async () => {
		await host.publish();
		const made = simulator.requests().find(({ method }) => method === 'POST');
		expect(made).toMatchObject({
			path: '/v1/webhooks',
			status: 201,
			headers: { authorization: 'Bearer …', 'content-type': 'application/json' },
			body: { url: host.url, events, active: true },
		});
	});

	it('makes another secret each time', async () => {
		await host.publish();
		const { secret } = only();
		await host.republish({ events });
		expect(only().secret).not.toBe(secret);
	});
});

describe('the choice of events', () => {
	it('may be one text, from an expression', async () => {
		host.setup.parameters = { events: 'session.completed' };
		await host.publish();
		expect(only().events).toEqual(['session.completed']);
	});
});

describe('publishing what is published already', () => {
	beforeEach(async () => await host.publish());

	it('changes nothing where the webhook fits', async () => {
		const before = only();
		await host.publish('init');
		expect(only()).toEqual(before);
		expect(calls().filter((call) => call !== 'GET /v1/webhooks')).toEqual(['POST /v1/webhooks']);
	});

	it('changes nothing where another publication has just made it fit', async () => {
		host.setup.parameters = { ...host.setup.parameters, options: { debug: true } };
		const before = only().id;
		await host.run('create', 'update');
		expect(only().id).toBe(before);
		expect(host.log.at(-1)?.message).toContain(': as it should be [workflow');
	});

	it('patches a webhook whose events were changed at the service', async () => {
		const { id } = only();
		await fetch(`${simulator.baseUrl}/webhooks/${id}`, {
			method: 'PATCH',
			headers: { Authorization: `Bearer ${simulator.apiKey}`, 'Content-Type': 'application/json' },
			body: JSON.stringify({ events: ['session.created'] }),
		});
		await host.publish('init');
		expect(only()).toMatchObject({ id, events });
	});

	it('switches a paused webhook on again', async () => {
		const { id } = only();
		simulator.pauseWebhook(id);
		await host.publish('init');
		expect(only()).toMatchObject({ id, active: true });
	});

	it('makes a new one where it was deleted at the service', async () => {
		const { id } = only();
		simulator.removeWebhook(id);
		await host.publish('init');
		expect(only().id).not.toBe(id);
	});

	it('moves it where the address of n8n has changed', async () => {
		host.setup.webhookBaseUrl = 'https://new.example.com';
		await host.publish('init');
		expect(only().url).toBe('https://new.example.com/webhook/node-1/mindpeeker');
	});

	it('removes others under the same url', async () => {
		const { id } = only();
		await register({ ...others, url: host.url });
		await register({ ...others, url: host.url });
		await host.publish('init');
		expect(only().id).toBe(id);
	});

	it("replaces it where the credential's secret is another now", async () => {
		const { id } = only();
		host.setup.credential = credential({ signingSecret: 'correct horse' });
		await host.publish('init');
		expect(only().id).not.toBe(id);
		expect(only().secret).toBe('correct horse');
	});
});

describe('a webhook under our url whose secret is unknown', () => {
	it('is replaced', async () => {
		const id = await register({ ...others, url: host.url });
		await host.publish();
		expect(only().id).not.toBe(id);
		expect(only().secret).not.toBe(others.secret);
	});

	it('is replaced where the service takes a url only once', async () => {
		await simulator.close();
		simulator = await startSimulator({ uniqueUrls: true });
		host.setup.credential = credential();
		const id = await register({ ...others, url: host.url });
		await host.publish();
		expect(only().id).not.toBe(id);
	});

	it('is found on the last of many pages', async () => {
		for (let index = 0; index < 205; index++) await register();
		const id = await register({ ...others, url: host.url });
		await host.publish();
		const here = simulator.webhooks().filter(({ url }) => url === host.url);
		expect(here).toHaveLength(1);
		expect(here[0]?.id).not.toBe(id);
	});
});

describe('unpublishing', () => {
	it("removes the webhook and nobody else's", async () => {
		const id = await register();
		await host.publish();
		await host.unpublish();
		expect(only().id).toBe(id);
	});

	it('succeeds where the webhook is gone already', async () => {
		await host.publish();
		simulator.removeWebhook(only().id);
		await host.unpublish();
		expect(simulator.webhooks()).toEqual([]);
	});

	it('removes what else stands under the url', async () => {
		await host.publish();
		await register({ ...others, url: host.url });
		await host.unpublish();
		expect(simulator.webhooks()).toEqual([]);
	});

	it('does not forget a webhook that could not be removed', async () => {
		await host.publish();
		const saved = structuredClone(host.savedStaticData);
		const path = `/webhooks/${only().id}`;
		simulator.faults.add({ on: 'api', method: 'DELETE', path, kind: 'answer', status: 503 });
		await expect(host.unpublish()).rejects.toThrow(/failed to process the request \(503/);
		expect(host.savedStaticData).toEqual(saved);
		await host.unpublish();
		expect(simulator.webhooks()).toEqual([]);
	});

	it('of a manual registration leaves what the user made', async () => {
		const id = await register({ ...others, url: host.url });
		host.setup.parameters = { events, registration: 'manual' };
		await host.unpublish();
		expect(only().id).toBe(id);
	});
});

describe('a fault of the API', () => {
	it.each([
		[{ kind: 'answer' as const, status: 429, retryAfter: 17 }, /rate limit.*17 seconds/],
		[{ kind: 'answer' as const, status: 500 }, /failed to process the request \(500/],
		[{ kind: 'answer' as const, status: 503 }, /failed to process the request \(503/],
		[{ kind: 'reset' as const }, /could not be reached.*connection was cut/],
	])('%j stops the publication with its text, and makes no second webhook', async (fault, text) => {
		await host.publish();
		const { id } = only();
		simulator.faults.add({ on: 'api', method: 'GET', path: '/webhooks', ...fault });
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
		await host.publish();
		only();
	});

	it('at the removal of an old webhook takes the new one back', async () => {
		const id = await register({ ...others, url: host.url });
		simulator.faults.add({
			on: 'api',
			method: 'DELETE',
			path: `/webhooks/${id}`,
			kind: 'answer',
			status: 500,
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
			simulator.faults.add({ on: 'api', kind: 'answer', status: 503, body });
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
		simulator.faults.add({ on: 'api', method: 'DELETE', path, kind: 'answer', status: 500 });
		await expect(host.run('create')).rejects.toThrow(/failed to process/);
		expect(simulator.webhooks().map((webhook) => webhook.id)).toContain(id);
		expect(simulator.webhooks()).toHaveLength(2);
	});

	it('after the old webhook had to go first is overcome by the next attempt', async () => {
		await simulator.close();
		simulator = await startSimulator({ uniqueUrls: true });
		host.setup.credential = credential();
		await register({ ...others, url: host.url });
		const taken = { on: 'api', method: 'POST', path: '/webhooks', kind: 'answer' } as const;
		simulator.faults.add({ ...taken, status: 409 });
		simulator.faults.add({ ...taken, status: 503 });
		await expect(host.run('create')).rejects.toThrow(/failed to process/);
		await host.publish();
		expect(only().url).toBe(host.url);
	});

	it('never shows the API key or the secret', async () => {
		host.setup.credential = credential({ signingSecret: 'correct horse' });
		const message = `secret correct horse of key ${simulator.apiKey} is weak`;
		const body = { error: { code: 'invalid_request', message } };
		const path = '/webhooks';
		simulator.faults.add({ on: 'api', method: 'POST', path, kind: 'answer', status: 422, body });
		const failure = await host.publish().catch((error: Error) => error);
		expect(String(failure)).toContain('is weak');
		const all = JSON.stringify(failure, Object.getOwnPropertyNames(failure));
		expect(all).not.toContain('correct horse');
		expect(all).not.toContain(simulator.apiKey);
	});
});

describe('what cannot work is refused before any call', () => {
	it.each<[string, () => void, RegExp]>([
		['no event chosen', () => (host.setup.parameters = { events: [] }), /No event is chosen/],
		[
			'an empty secret',
			() => (host.setup.credential.signingSecret = '  '),
			/Signing Secret .* is empty/,
		],
		[
			'white space around the secret',
			() => (host.setup.credential.signingSecret = 'x '),
			/white space/,
		],
		[
			'white space around the previous secret',
			() => (host.setup.credential.previousSigningSecret = ' x'),
			/Previous Signing Secret .* white space/,
		],
		[
			'a url that is not public',
			() => (host.setup.credential.environment = 'production'),
			/cannot deliver to http:\/\/127\.0\.0\.1.*WEBHOOK_URL/,
		],
		[
			'an address that is none',
			() => (host.setup.parameters = { events, options: { allowedIps: '52.52.52' } }),
			/"52\.52\.52" in the option Allowed IPs/,
		],
		...(
			[
				[{ livemode: 'Live' }, /Live Mode is "Live", which is none of all, live, test\./],
				[{ acknowledge: 'done' }, /Acknowledge is "done", which is none of received, finished\./],
				[{ minimumConfidence: 'high' }, /Minimum Confidence is "high", which is no number\./],
				[{ minimumConfidence: 80 }, /Minimum Confidence is "80", which is above 1\./],
				[{ batchSize: 0 }, /Batch Size is "0", which is below 1\./],
				[
					{ maxEventAge: '={{ undefined }}' },
					/Maximum Event Age is "undefined", which is no number\./,
				],
				[{ allowedIps: '={{ undefined }}' }, /"" in the option Allowed IPs/],
			] as const
		).map(([options, text]): [string, () => void, RegExp] => [
			`a value that is not offered, as in ${JSON.stringify(options)}`,
			() => (host.setup.parameters = { events, options }),
			text,
		]),
		[
			'manual registration without a secret',
			() => (host.setup.parameters = { events, registration: 'manual' }),
			/registration is manual.*Signing Secret/,
		],
	])('%s', async (_, change, text) => {
		change();
		await expect(host.publish()).rejects.toThrow(text);
		await expect(host.run('create')).rejects.toThrow(text);
		expect(calls()).toEqual([]);
	});
});

describe('manual registration', () => {
	it('removes the webhook of an automatic time before, whose secret stays good for the retry window', async () => {
		await host.publish();
		const { id, secret } = only();
		const theirs = await register({ ...others, url: host.url });
		host.setup.parameters = { events, registration: 'manual' };
		host.setup.credential = credential({ signingSecret: 'correct horse' });
		await host.publish();
		expect(only().id).toBe(theirs);
		expect(JSON.stringify(host.savedStaticData)).not.toContain(id);
		expect(JSON.stringify(host.savedStaticData)).toContain(secret);
	});

	it('calls nothing, and counts as published', async () => {
		host.setup.parameters = { events, registration: 'manual' };
		host.setup.credential = credential({ signingSecret: 'correct horse' });
		await host.publish();
		await host.run('create');
		expect(calls()).toEqual([]);
	});
});

describe('the answers of the API, whose shape is not documented', () => {
	const own = () => ({ id: 'wh_1', url: host.url, events, active: true });
	const answer = (method: string, status: number, body: unknown, times = 1) =>
		simulator.faults.add({
			on: 'api',
			method,
			path: '/webhooks',
			kind: 'answer',
			status,
			body,
			times,
		});

	beforeEach(() => {
		const registration = { webhookId: 'wh_1', generatedSecret: 'generated' };
		host.savedStaticData = { 'node:MindPeeker Trigger': { registration } };
	});

	it.each<[string, () => unknown]>([
		['a list under "data"', () => ({ data: [own()], has_more: false, next_cursor: null })],
		['a list under "webhooks"', () => ({ webhooks: [own()] })],
		['a bare list', () => [own()]],
		[
			'a webhook with the status "active"',
			() => [{ ...own(), active: undefined, status: 'active' }],
		],
		['entries that are no webhooks', () => [null, 7, {}, own()]],
	])('%s is understood', async (_, body) => {
		answer('GET', 200, body());
		expect(await host.run('checkExists')).toBe(true);
	});

	it.each(['failed', 'paused', 'disabled'])(
		'a webhook with the status "%s" is switched on',
		async (status) => {
			answer('GET', 200, [{ ...own(), active: undefined, status }]);
			expect(await host.run('checkExists')).toBe(false);
		},
	);

	it.each<[string, unknown]>([
		['text', '<html>It works!</html>'],
		['nothing', null],
		['an object without a list', { error: 'no' }],
	])('%s instead of a list is a fault', async (_, body) => {
		answer('GET', 200, body);
		await expect(host.run('checkExists')).rejects.toThrow(/not MindPeeker's API.*base URL/);
	});

	it('a list that breaks off is a fault, and nothing is taken for gone', async () => {
		const saved = structuredClone(host.savedStaticData);
		answer('GET', 200, { data: [], has_more: true }, 2);
		await expect(host.run('checkExists')).rejects.toThrow(/breaks off/);
		await expect(host.run('delete')).rejects.toThrow(/breaks off/);
		expect(host.savedStaticData).toEqual(saved);
	});

	it('a new webhook that is not active yet is switched on', async () => {
		answer('POST', 201, { ...own(), id: 'wh_2', active: false });
		const changes = { on: 'api', method: 'PATCH', path: '/webhooks/wh_2' } as const;
		simulator.faults.add({ ...changes, kind: 'answer', status: 200, body: {} });
		await host.run('create');
		const patch = simulator.requests().find(({ method }) => method === 'PATCH');
		expect(patch).toMatchObject({ path: '/v1/webhooks/wh_2', body: { active: true } });
	});

	it('pages that run in a circle are a fault', async () => {
		answer('GET', 200, { data: [own()], has_more: true, next_cursor: 'again' }, 3);
		await expect(host.run('checkExists')).rejects.toThrow(/runs in a circle/);
	});

	it('a new webhook without an id is a fault, and nothing is stored', async () => {
		const saved = structuredClone(host.savedStaticData);
		answer('POST', 201, { ok: true });
		await expect(host.run('create')).rejects.toThrow(/gave no id for the new webhook/);
		expect(host.savedStaticData).toEqual(saved);
	});
});
