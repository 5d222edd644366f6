import { NodeOperationError } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { EVENT_TYPES } from '../../nodes/shared/events/index.ts';
import { sign } from '../../nodes/shared/signature.ts';
import { startSimulator, type Simulator } from '../../simulator/index.mts';
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
import { TriggerHost } from './harness/triggerHost.mts';
import { useCheapDigests } from './harness/cheapDigest.mts';

useCheapDigests();

forEachTest();

const warnings = () =>
	host.log.filter(({ level }) => level === 'warn').map(({ message }) => message);
/** The same node in a workflow of another id, as an import makes it. */
async function copyOf(original: TriggerHost): Promise<TriggerHost> {
	const copy = new TriggerHost({ ...original.setup, webhookBaseUrl: new URL(original.url).origin });
	return await copy.start();
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

	it('asks for nothing to know that nothing is registered', async () => {
		expect(await host.run('checkExists')).toBe(false);
		expect(calls()).toEqual([]);
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
		await takeEachUrlOnce();
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

	it('leaves what it did not register under its URL, and warns of it', async () => {
		await host.publish();
		const id = await register({ ...others, url: host.url });
		await host.unpublish();
		expect(only().id).toBe(id);
		expect(warnings()).toEqual([expect.stringContaining(`delivers to this node by ${id},`)]);
	});

	it('does not forget a webhook that could not be removed, and warns of it', async () => {
		await host.publish();
		const { id } = only();
		const saved = structuredClone(host.savedStaticData);
		const fault = { kind: 'answer', status: 503, times: 5 } as const;
		simulator.faults.add({ on: 'api', method: 'DELETE', path: `/webhooks/${id}`, ...fault });
		await expect(host.unpublish()).rejects.toThrow(/failed to process the request \(503/);
		expect(host.savedStaticData).toEqual(saved);
		const { host: service } = new URL(simulator.origin);
		expect(warnings()).toEqual([
			expect.stringContaining(`Could not remove webhook ${id} at ${service}/v1: MindPeeker failed`),
		]);
		await host.unpublish();
		expect(simulator.webhooks()).toEqual([]);
	});

	it('has succeeded where the webhook is gone by then', async () => {
		await host.publish();
		simulator.faults.add({ on: 'api', method: 'DELETE', kind: 'answer', status: 404 });
		await host.unpublish();
		expect(JSON.stringify(host.savedStaticData)).not.toContain('webhookId');
	});

	it('of a manual registration leaves what the user made', async () => {
		const id = await register({ ...others, url: host.url });
		host.setup.parameters = { events, registration: 'manual' };
		await host.unpublish();
		expect(only().id).toBe(id);
	});
});

describe('a copy of a workflow, with the same webhook id', () => {
	let copy: TriggerHost;
	beforeEach(async () => {
		await host.publish();
		copy = await copyOf(host);
	});
	afterEach(async () => await copy.stop());

	it.each<[string, () => void]>([
		['that never registered a webhook', () => {}],
		['that came with the static data', () => (copy.savedStaticData = host.savedStaticData)],
	])('%s leaves the webhook of the original when it is unpublished', async (_, change) => {
		change();
		const before = only();
		await copy.unpublish();
		expect(only()).toEqual(before);
		expect(calls().filter((call) => call.startsWith('DELETE'))).toEqual([]);
	});

	it('that came with the static data does not take the webhook of the original for its own', async () => {
		copy.savedStaticData = host.savedStaticData;
		expect(await copy.run('checkExists')).toBe(false);
	});

	/** As `n8n export:workflow` and `n8n import:workflow` bring it to an n8n with another id. */
	function moveToAnotherN8n(): void {
		const [saved] = Object.values(host.savedStaticData) as [{ registration: object }];
		Object.assign(saved.registration, { instanceId: 'another n8n' });
	}

	it('in another n8n at another address, with the same workflow id and static data, neither', async () => {
		moveToAnotherN8n();
		host.setup.webhookBaseUrl = 'https://copy.example.com';
		await host.unpublish();
		expect(only().url).toBe(host.url);
		await host.publish();
		expect(simulator.webhooks().map(({ url }) => url)).toEqual([
			host.url,
			'https://copy.example.com/webhook/node-1/mindpeeker',
		]);
	});

	it('is not taken for another n8n at the same address: its id has changed', async () => {
		moveToAnotherN8n();
		await host.unpublish();
		expect(simulator.webhooks()).toEqual([]);
	});

	it.each(['automatic', 'manual'])(
		'that came with the static data accepts no secret of the original, with registration %s',
		async (registration) => {
			const { secret } = only();
			copy.setup = { ...copy.setup, parameters: { events, registration } };
			copy.savedStaticData = structuredClone(host.savedStaticData);
			const body = JSON.stringify({ id: 'evt_1', type: 'session.completed', data: {} });
			const headers = { 'X-MindPeeker-Signature': sign(Buffer.from(body), secret) };
			const answer = await fetch(copy.url, { method: 'POST', headers, body });
			expect(answer.status).toBe(401);
			expect(copy.executions).toEqual([]);
		},
	);

	it('does not remove it after a publication that was refused', async () => {
		copy.setup = { ...copy.setup, parameters: { events: [] } };
		await expect(copy.publishWithRetries()).rejects.toThrow(/No event is chosen/);
		only();
	});
});

describe('a restored copy of n8n at another address', () => {
	it('leaves the webhook of the original when a workflow is unpublished, and warns of it', async () => {
		await host.publish();
		const { id } = only();
		host.setup.webhookBaseUrl = 'https://copy.example.com';
		await host.unpublish();
		expect(only().id).toBe(id);
		expect(warnings()).toEqual([
			expect.stringContaining(`Webhook ${id} was left in MindPeeker: it delivers to ${host.url}`),
		]);
		delete host.setup.webhookBaseUrl;
		await host.unpublish();
		expect(simulator.webhooks()).toEqual([]);
	});
});

describe('a credential that leads to another account than before', () => {
	let other: Simulator;
	beforeEach(async () => {
		await host.publish();
		other = await startSimulator({ apiKeys: ['another_key'] });
	});
	afterEach(async () => await other.close());
	const elsewhere = () => credential({ apiKey: other.apiKey, baseUrl: other.baseUrl });
	const left = (id: string) =>
		`Webhook ${id} was left at ${new URL(simulator.origin).host}/v1: the MindPeeker credential seems to have another API key or base URL than when it was registered. If the webhook still exists, it goes on delivering to ${host.url}.`;

	it('makes unpublishing warn of the webhook that is left, and where', async () => {
		const { id } = only();
		host.setup.credential = elsewhere();
		await host.unpublish();
		expect(warnings()).toEqual([expect.stringContaining(left(id))]);
	});

	it('is not forgotten about: with the former key back, the webhook is removed', async () => {
		host.setup.credential = elsewhere();
		await host.unpublish();
		host.setup.credential = credential();
		await host.unpublish();
		expect(simulator.webhooks()).toEqual([]);
	});

	it('makes publishing warn as well, and register in the new account', async () => {
		const { id } = only();
		host.setup.credential = elsewhere();
		await host.publish('init');
		expect(other.webhooks()).toMatchObject([{ url: host.url, active: true }]);
		expect(warnings()).toEqual([expect.stringContaining(left(id))]);
	});

	it('is not suspected if only the key of the same account has changed', async () => {
		await simulator.close();
		simulator.close = async () => {};
		const both = await startSimulator({ apiKeys: ['first', 'second'] });
		try {
			host.savedStaticData = {};
			host.setup.credential = credential({ apiKey: 'first', baseUrl: both.baseUrl });
			await host.publish();
			host.setup.credential.apiKey = 'second';
			await host.unpublish();
			expect(both.webhooks()).toEqual([]);
			expect(warnings()).toEqual([]);
		} finally {
			await both.close();
		}
	});

	it('never brings the API key into static data', async () => {
		expect(JSON.stringify(host.savedStaticData)).not.toContain(simulator.apiKey);
	});
});

describe('leftovers of this node', () => {
	const limitReached = {
		on: 'api',
		method: 'POST',
		path: '/webhooks',
		kind: 'answer',
		status: 422,
		body: { error: { code: 'limit_reached', message: 'Limit reached' } },
	} as const;

	it.each<[string, () => string]>([
		['under its URL', () => host.url],
		['under its URL for the other choice of Acknowledge', () => host.urlOfFinished],
		['under its test URL', () => host.testUrl],
	])('%s do not keep it from publishing in an account at its limit', async (_, urlOf) => {
		const id = await register({ ...others, url: urlOf() });
		simulator.faults.add(limitReached);
		await host.publish();
		expect(only().url).toBe(host.url);
		expect(only().id).not.toBe(id);
	});

	it('nor does its own webhook, whose secret is no longer the right one', async () => {
		await host.publish();
		host.setup.credential = credential({ signingSecret: 'correct horse' });
		simulator.faults.add(limitReached);
		await host.publish('init');
		expect(only().secret).toBe('correct horse');
	});

	it('are removed one group after the other, its own webhook last', async () => {
		await host.publish();
		const own = only().id;
		const stranger = await register({ ...others, url: host.url });
		host.setup.credential = credential({ signingSecret: 'correct horse' });
		simulator.faults.add({ ...limitReached, times: 2 });
		await host.run('create');
		const order = calls().filter((call) => /^(DELETE|POST)/.test(call));
		expect(order.slice(-5)).toEqual([
			'POST /v1/webhooks',
			`DELETE /v1/webhooks/${stranger}`,
			'POST /v1/webhooks',
			`DELETE /v1/webhooks/${own}`,
			'POST /v1/webhooks',
		]);
	});

	it('under its test URL stay as long as nothing is in the way: someone may be listening', async () => {
		const id = await register({ ...others, url: host.testUrl });
		await host.publish();
		expect(simulator.webhooks().map((webhook) => webhook.id)).toContain(id);
	});

	it.each([
		[402, 'Your plan allows at most 5 webhooks'],
		[400, 'Maximum number of webhooks reached'],
		[403, 'Webhook quota exceeded'],
		[422, 'Too many webhooks'],
	])('that a %d with "%s" means are removed, its own webhook included', async (status, message) => {
		await host.publish();
		host.setup.credential = credential({ signingSecret: 'correct horse' });
		simulator.faults.add({ ...limitReached, status, body: { error: { message } } });
		await host.publish('init');
		expect(only().secret).toBe('correct horse');
	});

	it.each([402, 422])(
		'are not its own working webhook where a %d is about something else',
		async (status) => {
			await host.publish();
			const { id } = only();
			host.setup.credential = credential({ signingSecret: 'correct horse' });
			const body = { error: { message: 'The secret is too weak' } };
			simulator.faults.add({ ...limitReached, status, body });
			await expect(host.publish('init')).rejects.toThrow('too weak');
			expect(only().id).toBe(id);
		},
	);

	it('under the test URL of another n8n on the same host are not touched', async () => {
		const { origin } = new URL(host.url);
		const id = await register({ ...others, url: `${origin}/prod/webhook/node-1/mindpeeker` });
		simulator.faults.add({ ...limitReached, times: 9 });
		await expect(host.run('create')).rejects.toThrow('Limit reached');
		expect(only().id).toBe(id);
	});

	it.each([
		['the key', 401, undefined],
		['the rights of the key', 403, undefined],
		['other input', 400, undefined],
		['the events', 422, 'events[0]'],
		['the secret', 422, 'secret'],
	])('are not touched where the service refuses because of %s', async (_, status, param) => {
		const id = await register({ ...others, url: host.url });
		const body = { error: { code: 'refused', message: 'No', param } };
		simulator.faults.add({ ...limitReached, status, body });
		await expect(host.run('create')).rejects.toThrow(`(${status}`);
		expect(only().id).toBe(id);
	});

	it('of others are never touched, and the account stays at its limit', async () => {
		const id = await register();
		simulator.faults.add({ ...limitReached, times: 9 });
		await expect(host.run('create')).rejects.toThrow(/Limit reached/);
		expect(only().id).toBe(id);
	});
});

// Each was published in n8n 2.41.1, and an event sent to the URL that was registered.
describe('a webhook id', () => {
	it.each(['a b', 'a/b', 'é', ':id', 'a:b', 'a.b', 'a+b', 'a&b', 'a~b_c-d', 'ab ', 5])(
		'that n8n routes to is published: %j',
		async (webhookId) => {
			host.setup.webhookId = webhookId as string;
			await host.publish();
			only();
		},
	);

	it.each(['a%20b', 'a%C3%A9', '%', 'x?y', 'x#y', '..', ' ab'])(
		'that n8n does not route to is refused before any call: %j',
		async (webhookId) => {
			host.setup.webhookId = webhookId;
			await expect(host.publish()).rejects.toThrow(`webhook ID "${webhookId}" of this trigger`);
			expect(calls()).toEqual([]);
		},
	);
});

describe('what cannot work is refused before any call', () => {
	it.each([undefined, ''])('a trigger whose webhook id is %j', async (webhookId) => {
		host.setup.webhookId = webhookId;
		for (const registration of ['automatic', 'manual']) {
			host.setup.parameters = { events, registration };
			await expect(host.publish()).rejects.toThrow(/no webhook ID.*save/);
			await expect(host.run('create')).rejects.toThrow(NodeOperationError);
		}
		expect(calls()).toEqual([]);
	});

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
				[{ maxEventAge: '={{ "" }}' }, /Maximum Event Age is "", which is no number\./],
				[{ maxEventAge: '={{ null }}' }, /Maximum Event Age is "null", which is no number\./],
				[{ simplify: 'perhaps' }, /Simplify is "perhaps", which is neither true nor false\./],
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
		for (const run of [async () => await host.publish(), async () => await host.run('create')]) {
			const failure = await run().catch((error: unknown) => error);
			expect(failure).toBeInstanceOf(NodeOperationError);
			expect((failure as Error).message).toMatch(text);
		}
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
		expect(await host.run('checkExists')).toBe(true);
		expect(calls()).toEqual([]);
	});

	it('does not count as published as long as there is a webhook of an automatic time', async () => {
		await host.publish();
		host.setup.parameters = { events, registration: 'manual' };
		host.setup.credential = credential({ signingSecret: 'correct horse' });
		expect(await host.run('checkExists')).toBe(false);
	});
});

describe("n8n's log says", () => {
	const last = () => host.log.at(-1)?.message.replace(/ \[workflow .*$/, '');
	const start = 'MindPeeker Trigger: ';

	it('that a webhook was created, and which were removed for it', async () => {
		const first = await register({ ...others, url: host.url });
		const second = await register({ ...others, url: host.url });
		await host.publish();
		const own = simulator.webhooks().find(({ secret }) => secret !== others.secret)?.id;
		expect(last()).toBe(
			`${start}webhook ${own} for ${host.url}: created, removed ${first}, removed ${second}`,
		);
	});

	it('that it was updated, or is as it should be', async () => {
		await host.publish();
		const { id } = only();
		await host.run('create');
		expect(last()).toBe(`${start}webhook ${id} for ${host.url}: as it should be`);
		simulator.pauseWebhook(id);
		await host.run('create');
		expect(last()).toBe(`${start}webhook ${id} for ${host.url}: updated ${id}`);
	});

	it('which was removed, that it was removed before, or that there was none', async () => {
		await host.publish();
		const { id } = only();
		await host.unpublish();
		expect(last()).toBe(`${start}removed ${id}`);
		await host.unpublish();
		expect(last()).toBe(`${start}removed no webhook: this node has registered none`);
		await host.publish();
		const second = only().id;
		simulator.removeWebhook(second);
		await host.unpublish();
		expect(last()).toBe(`${start}webhook ${second} was removed before`);
		expect(warnings()).toEqual([]);
	});
});
