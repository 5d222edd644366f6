import { NodeOperationError } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { EVENT_TYPES } from '../../nodes/shared/events/eventTypes.ts';
import { sign } from '../../nodes/shared/signature.ts';
import { startSimulator, type Simulator } from '../../simulator/index.mts';
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
import { TriggerHost } from './harness/triggerHost.mts';
import { useFastScrypt } from './harness/fastScrypt.mts';

useFastScrypt();

setUpEachTest();

const getWarnings = () =>
	host.log.filter(({ level }) => level === 'warn').map(({ message }) => message);
/** Creates the same node in a workflow with another ID, as an import does. */
async function copyHost(original: TriggerHost): Promise<TriggerHost> {
	const copy = new TriggerHost({ ...original.setup, webhookBaseUrl: new URL(original.url).origin });
	return await copy.start();
}

describe('publishing', () => {
	it("creates one active webhook with the node's URL, the chosen events and a secret of 32 random bytes", async () => {
		await host.publish();
		expect(getOnlyWebhook()).toMatchObject({ url: host.url, events, active: true });
		expect(getOnlyWebhook().secret).toMatch(/^[0-9a-f]{64}$/);
		expect(host.savedStaticData).toMatchObject({
			'node:MindPeeker Trigger': {
				registration: { webhookId: getOnlyWebhook().id, generatedSecret: getOnlyWebhook().secret },
			},
		});
	});

	it('sends no request to find that nothing is registered', async () => {
		expect(await host.run('checkExists')).toBe(false);
		expect(getRequests()).toEqual([]);
	});

	it('registers all event types for All Events', async () => {
		host.setup.parameters = { events: ['*'] };
		await host.publish();
		expect(getOnlyWebhook().events).toEqual(EVENT_TYPES.map(({ type }) => type));
	});

	it("uses the credential's secret without storing it", async () => {
		host.setup.credential = createCredential({ signingSecret: 'correct horse' });
		await host.publish();
		expect(getOnlyWebhook().secret).toBe('correct horse');
		expect(JSON.stringify(host.savedStaticData)).not.toContain('correct horse');
	});

	it('sends the API key as a bearer token, and the webhook as JSON', async () => {
		await host.publish();
		const creation = simulator.requests().find(({ method }) => method === 'POST');
		expect(creation).toMatchObject({
			path: '/v1/webhooks',
			status: 201,
			headers: { authorization: 'Bearer …', 'content-type': 'application/json' },
			body: { url: host.url, events, active: true },
		});
	});

	it('generates a new secret each time', async () => {
		await host.publish();
		const { secret } = getOnlyWebhook();
		await host.republish({ events });
		expect(getOnlyWebhook().secret).not.toBe(secret);
	});
});

describe('Trigger On', () => {
	it('can be a single string from an expression', async () => {
		host.setup.parameters = { events: 'session.completed' };
		await host.publish();
		expect(getOnlyWebhook().events).toEqual(['session.completed']);
	});
});

describe('publishing a published workflow', () => {
	beforeEach(async () => await host.publish());

	it('changes nothing if the webhook matches', async () => {
		const before = getOnlyWebhook();
		await host.publish('init');
		expect(getOnlyWebhook()).toEqual(before);
		expect(getRequests().filter((call) => call !== 'GET /v1/webhooks')).toEqual([
			'POST /v1/webhooks',
		]);
	});

	it('changes nothing if another publication has just updated the webhook', async () => {
		host.setup.parameters = { ...host.setup.parameters, options: { debug: true } };
		const before = getOnlyWebhook().id;
		await host.run('create', 'update');
		expect(getOnlyWebhook().id).toBe(before);
		expect(host.log.at(-1)?.message).toContain(': no changes [workflow');
	});

	it('updates a webhook whose events were changed in MindPeeker', async () => {
		const { id } = getOnlyWebhook();
		await fetch(`${simulator.baseUrl}/webhooks/${id}`, {
			method: 'PATCH',
			headers: { Authorization: `Bearer ${simulator.apiKey}`, 'Content-Type': 'application/json' },
			body: JSON.stringify({ events: ['session.created'] }),
		});
		await host.publish('init');
		expect(getOnlyWebhook()).toMatchObject({ id, events });
	});

	it('activates a paused webhook', async () => {
		const { id } = getOnlyWebhook();
		simulator.pauseWebhook(id);
		await host.publish('init');
		expect(getOnlyWebhook()).toMatchObject({ id, active: true });
	});

	it('creates a new webhook if it was deleted in MindPeeker', async () => {
		const { id } = getOnlyWebhook();
		simulator.deleteWebhook(id);
		await host.publish('init');
		expect(getOnlyWebhook().id).not.toBe(id);
	});

	it('replaces the webhook if the address of n8n has changed', async () => {
		host.setup.webhookBaseUrl = 'https://new.example.com';
		await host.publish('init');
		expect(getOnlyWebhook().url).toBe('https://new.example.com/webhook/node-1/mindpeeker');
	});

	it('removes other webhooks with the same URL', async () => {
		const { id } = getOnlyWebhook();
		await addWebhook({ ...otherWebhook, url: host.url });
		await addWebhook({ ...otherWebhook, url: host.url });
		await host.publish('init');
		expect(getOnlyWebhook().id).toBe(id);
	});

	it("replaces the webhook if the credential's secret has changed", async () => {
		const { id } = getOnlyWebhook();
		host.setup.credential = createCredential({ signingSecret: 'correct horse' });
		await host.publish('init');
		expect(getOnlyWebhook().id).not.toBe(id);
		expect(getOnlyWebhook().secret).toBe('correct horse');
	});
});

describe('a webhook with an unknown secret at the URL of the node', () => {
	it('is replaced', async () => {
		const id = await addWebhook({ ...otherWebhook, url: host.url });
		await host.publish();
		expect(getOnlyWebhook().id).not.toBe(id);
		expect(getOnlyWebhook().secret).not.toBe(otherWebhook.secret);
	});

	it('is replaced if MindPeeker allows each URL only once', async () => {
		await useUniqueUrls();
		const id = await addWebhook({ ...otherWebhook, url: host.url });
		await host.publish();
		expect(getOnlyWebhook().id).not.toBe(id);
	});

	it('is found on the last of many pages', async () => {
		for (let index = 0; index < 205; index++) await addWebhook();
		const id = await addWebhook({ ...otherWebhook, url: host.url });
		await host.publish();
		const webhooks = simulator.webhooks().filter(({ url }) => url === host.url);
		expect(webhooks).toHaveLength(1);
		expect(webhooks[0]?.id).not.toBe(id);
	});
});

describe('unpublishing', () => {
	it("removes only the node's webhook", async () => {
		const id = await addWebhook();
		await host.publish();
		await host.unpublish();
		expect(getOnlyWebhook().id).toBe(id);
	});

	it('succeeds if the webhook was already deleted', async () => {
		await host.publish();
		simulator.deleteWebhook(getOnlyWebhook().id);
		await host.unpublish();
		expect(simulator.webhooks()).toEqual([]);
	});

	it('leaves other webhooks with its URL and logs a warning', async () => {
		await host.publish();
		const id = await addWebhook({ ...otherWebhook, url: host.url });
		await host.unpublish();
		expect(getOnlyWebhook().id).toBe(id);
		expect(getWarnings()).toEqual([expect.stringContaining(`delivers to this node with ${id},`)]);
	});

	it('keeps the registration of a webhook that could not be removed, and logs a warning', async () => {
		await host.publish();
		const { id } = getOnlyWebhook();
		const saved = structuredClone(host.savedStaticData);
		const fault = { kind: 'response', status: 503, times: 5 } as const;
		simulator.faults.add({ on: 'api', method: 'DELETE', path: `/webhooks/${id}`, ...fault });
		await expect(host.unpublish()).rejects.toThrow(/failed to process the request \(503/);
		expect(host.savedStaticData).toEqual(saved);
		const { host: api } = new URL(simulator.origin);
		expect(getWarnings()).toEqual([
			expect.stringContaining(`Could not remove webhook ${id} at ${api}/v1: MindPeeker failed`),
		]);
		await host.unpublish();
		expect(simulator.webhooks()).toEqual([]);
	});

	it('succeeds if the webhook is deleted at that moment', async () => {
		await host.publish();
		simulator.faults.add({ on: 'api', method: 'DELETE', kind: 'response', status: 404 });
		await host.unpublish();
		expect(JSON.stringify(host.savedStaticData)).not.toContain('webhookId');
	});

	it("leaves the user's webhook with manual registration", async () => {
		const id = await addWebhook({ ...otherWebhook, url: host.url });
		host.setup.parameters = { events, registration: 'manual' };
		await host.unpublish();
		expect(getOnlyWebhook().id).toBe(id);
	});
});

describe('a copy of a workflow with the same webhook ID', () => {
	let copy: TriggerHost;
	beforeEach(async () => {
		await host.publish();
		copy = await copyHost(host);
	});
	afterEach(async () => await copy.stop());

	it.each<[string, () => void]>([
		['without a registration', () => {}],
		['with the static data', () => (copy.savedStaticData = host.savedStaticData)],
	])('%s does not remove the webhook of the original', async (_, change) => {
		change();
		const before = getOnlyWebhook();
		await copy.unpublish();
		expect(getOnlyWebhook()).toEqual(before);
		expect(getRequests().filter((call) => call.startsWith('DELETE'))).toEqual([]);
	});

	it('with the static data does not count the webhook of the original as its own', async () => {
		copy.savedStaticData = host.savedStaticData;
		expect(await copy.run('checkExists')).toBe(false);
	});

	/** Simulates `n8n export:workflow` and `n8n import:workflow` to another n8n instance. */
	function moveToOtherInstance(): void {
		const [saved] = Object.values(host.savedStaticData) as [{ registration: object }];
		Object.assign(saved.registration, { instanceId: 'another n8n' });
	}

	it('in another n8n with another address, the same workflow ID and static data does not remove it either', async () => {
		moveToOtherInstance();
		host.setup.webhookBaseUrl = 'https://copy.example.com';
		await host.unpublish();
		expect(getOnlyWebhook().url).toBe(host.url);
		await host.publish();
		expect(simulator.webhooks().map(({ url }) => url)).toEqual([
			host.url,
			'https://copy.example.com/webhook/node-1/mindpeeker',
		]);
	});

	it('counts as the same n8n if only the instance ID has changed', async () => {
		moveToOtherInstance();
		await host.unpublish();
		expect(simulator.webhooks()).toEqual([]);
	});

	/** Delivers an event that is signed with this secret. Returns the status. */
	async function deliver({ url }: TriggerHost, secret: string): Promise<number> {
		const body = JSON.stringify({ id: 'evt_1', type: 'session.completed', data: {} });
		const headers = { 'X-MindPeeker-Signature': sign(Buffer.from(body), secret) };
		return (await fetch(url, { method: 'POST', headers, body })).status;
	}

	it.each(['automatic', 'manual'])(
		'with the static data rejects the secret of the original, with %s registration',
		async (registration) => {
			const { secret } = getOnlyWebhook();
			copy.setup = { ...copy.setup, parameters: { events, registration } };
			copy.savedStaticData = structuredClone(host.savedStaticData);
			expect(await deliver(copy, secret)).toBe(401);
			expect(copy.executions).toEqual([]);
		},
	);

	it('with the static data of the unpublished original rejects its former secret, also after publishing', async () => {
		const { secret } = getOnlyWebhook();
		await host.unpublish();
		copy.savedStaticData = structuredClone(host.savedStaticData);
		expect(await deliver(host, secret)).toBe(200);
		expect(await deliver(copy, secret)).toBe(401);
		await copy.publish();
		expect(await deliver(copy, secret)).toBe(401);
		expect(JSON.stringify(copy.savedStaticData)).not.toContain(secret);
		expect(copy.executions).toEqual([]);
	});

	it('does not remove it after a failed publication', async () => {
		copy.setup = { ...copy.setup, parameters: { events: [] } };
		await expect(copy.publishWithRetries()).rejects.toThrow(/No event is chosen/);
		getOnlyWebhook();
	});
});

describe('a restored copy of n8n with another address', () => {
	it('leaves the webhook of the original and logs a warning', async () => {
		await host.publish();
		const { id } = getOnlyWebhook();
		host.setup.webhookBaseUrl = 'https://copy.example.com';
		await host.unpublish();
		expect(getOnlyWebhook().id).toBe(id);
		expect(getWarnings()).toEqual([
			expect.stringContaining(`Webhook ${id} was left in MindPeeker: it delivers to ${host.url}`),
		]);
		delete host.setup.webhookBaseUrl;
		await host.unpublish();
		expect(simulator.webhooks()).toEqual([]);
	});
});

describe('a credential for another account', () => {
	let other: Simulator;
	beforeEach(async () => {
		await host.publish();
		other = await startSimulator({ apiKeys: ['another_key'] });
	});
	afterEach(async () => await other.close());
	const createOtherCredential = () =>
		createCredential({ apiKey: other.apiKey, baseUrl: other.baseUrl });
	const getWarning = (id: string) =>
		`Webhook ${id} was left at ${new URL(simulator.origin).host}/v1: the API key or base URL in the MindPeeker credential has changed since it was registered. If the webhook still exists, it delivers to ${host.url}.`;

	it('logs a warning about the webhook in the old account when unpublishing', async () => {
		const { id } = getOnlyWebhook();
		host.setup.credential = createOtherCredential();
		await host.unpublish();
		expect(getWarnings()).toEqual([expect.stringContaining(getWarning(id))]);
	});

	it('keeps the registration, so that the old key can remove the webhook', async () => {
		host.setup.credential = createOtherCredential();
		await host.unpublish();
		host.setup.credential = createCredential();
		await host.unpublish();
		expect(simulator.webhooks()).toEqual([]);
	});

	it('logs a warning when publishing, and creates a webhook in the new account', async () => {
		const { id } = getOnlyWebhook();
		host.setup.credential = createOtherCredential();
		await host.publish('init');
		expect(other.webhooks()).toMatchObject([{ url: host.url, active: true }]);
		expect(getWarnings()).toEqual([expect.stringContaining(getWarning(id))]);
	});

	it('logs no warning if the new key is for the same account', async () => {
		await simulator.close();
		simulator.close = async () => {};
		const api = await startSimulator({ apiKeys: ['first', 'second'] });
		try {
			host.savedStaticData = {};
			host.setup.credential = createCredential({ apiKey: 'first', baseUrl: api.baseUrl });
			await host.publish();
			host.setup.credential.apiKey = 'second';
			await host.unpublish();
			expect(api.webhooks()).toEqual([]);
			expect(getWarnings()).toEqual([]);
		} finally {
			await api.close();
		}
	});

	it('does not store the API key in static data', async () => {
		expect(JSON.stringify(host.savedStaticData)).not.toContain(simulator.apiKey);
	});
});

describe('leftover webhooks of this node', () => {
	const limitReached = {
		on: 'api',
		method: 'POST',
		path: '/webhooks',
		kind: 'response',
		status: 422,
		body: { error: { code: 'limit_reached', message: 'Limit reached' } },
	} as const;

	it.each<[string, () => string]>([
		['with its URL', () => host.url],
		['with its URL for the other value of Acknowledge', () => host.finishedUrl],
		['with its test URL', () => host.testUrl],
	])('%s do not prevent publishing in an account at its limit', async (_, getUrl) => {
		const id = await addWebhook({ ...otherWebhook, url: getUrl() });
		simulator.faults.add(limitReached);
		await host.publish();
		expect(getOnlyWebhook().url).toBe(host.url);
		expect(getOnlyWebhook().id).not.toBe(id);
	});

	it('do not prevent it even if the webhook is its own with an outdated secret', async () => {
		await host.publish();
		host.setup.credential = createCredential({ signingSecret: 'correct horse' });
		simulator.faults.add(limitReached);
		await host.publish('init');
		expect(getOnlyWebhook().secret).toBe('correct horse');
	});

	it('are removed one group after the other, the registered webhook last', async () => {
		await host.publish();
		const registered = getOnlyWebhook().id;
		const unknown = await addWebhook({ ...otherWebhook, url: host.url });
		host.setup.credential = createCredential({ signingSecret: 'correct horse' });
		simulator.faults.add({ ...limitReached, times: 2 });
		await host.run('create');
		const order = getRequests().filter((call) => /^(DELETE|POST)/.test(call));
		expect(order.slice(-5)).toEqual([
			'POST /v1/webhooks',
			`DELETE /v1/webhooks/${unknown}`,
			'POST /v1/webhooks',
			`DELETE /v1/webhooks/${registered}`,
			'POST /v1/webhooks',
		]);
	});

	it('with its test URL stay if nothing else prevents publishing, because an editor may be listening', async () => {
		const id = await addWebhook({ ...otherWebhook, url: host.testUrl });
		await host.publish();
		expect(simulator.webhooks().map((webhook) => webhook.id)).toContain(id);
	});

	it.each([
		[402, 'Your plan allows at most 5 webhooks'],
		[400, 'Maximum number of webhooks reached'],
		[403, 'Webhook quota exceeded'],
		[422, 'Too many webhooks'],
	])(
		'are removed after a %d with "%s", including the registered webhook',
		async (status, message) => {
			await host.publish();
			host.setup.credential = createCredential({ signingSecret: 'correct horse' });
			simulator.faults.add({ ...limitReached, status, body: { error: { message } } });
			await host.publish('init');
			expect(getOnlyWebhook().secret).toBe('correct horse');
		},
	);

	it.each([402, 422])(
		'do not include the registered webhook if a %d has another reason',
		async (status) => {
			await host.publish();
			const { id } = getOnlyWebhook();
			host.setup.credential = createCredential({ signingSecret: 'correct horse' });
			const body = { error: { message: 'The secret is too weak' } };
			simulator.faults.add({ ...limitReached, status, body });
			await expect(host.publish('init')).rejects.toThrow('too weak');
			expect(getOnlyWebhook().id).toBe(id);
		},
	);

	it('with the test URL of another n8n on the same host are kept', async () => {
		const { origin } = new URL(host.url);
		const id = await addWebhook({
			...otherWebhook,
			url: `${origin}/prod/webhook/node-1/mindpeeker`,
		});
		simulator.faults.add({ ...limitReached, times: 9 });
		await expect(host.run('create')).rejects.toThrow('Limit reached');
		expect(getOnlyWebhook().id).toBe(id);
	});

	it.each([
		['the API key', 401, undefined],
		['missing permissions', 403, undefined],
		['other input', 400, undefined],
		['the events', 422, 'events[0]'],
		['the secret', 422, 'secret'],
	])('are kept if MindPeeker rejects the webhook because of %s', async (_, status, param) => {
		const id = await addWebhook({ ...otherWebhook, url: host.url });
		const body = { error: { code: 'refused', message: 'No', param } };
		simulator.faults.add({ ...limitReached, status, body });
		await expect(host.run('create')).rejects.toThrow(`(${status}`);
		expect(getOnlyWebhook().id).toBe(id);
	});

	it('of other receivers are always kept, even in an account at its limit', async () => {
		const id = await addWebhook();
		simulator.faults.add({ ...limitReached, times: 9 });
		await expect(host.run('create')).rejects.toThrow(/Limit reached/);
		expect(getOnlyWebhook().id).toBe(id);
	});
});

// Verified in n8n 2.41.1 by publishing each one and sending an event to the registered URL.
describe('a webhook ID', () => {
	it.each(['a b', 'a/b', 'é', ':id', 'a:b', 'a.b', 'a+b', 'a&b', 'a~b_c-d', 'ab ', 5])(
		'that n8n can route to is published: %j',
		async (webhookId) => {
			host.setup.webhookId = webhookId as string;
			await host.publish();
			getOnlyWebhook();
		},
	);

	it.each(['a%20b', 'a%C3%A9', '%', 'x?y', 'x#y', '..', ' ab'])(
		'that n8n cannot route to fails before any request: %j',
		async (webhookId) => {
			host.setup.webhookId = webhookId;
			await expect(host.publish()).rejects.toThrow(`webhook ID "${webhookId}" of this trigger`);
			expect(getRequests()).toEqual([]);
		},
	);
});

describe('an invalid configuration fails before any request', () => {
	it.each([undefined, ''])('a webhook ID of %j', async (webhookId) => {
		host.setup.webhookId = webhookId;
		for (const registration of ['automatic', 'manual']) {
			host.setup.parameters = { events, registration };
			await expect(host.publish()).rejects.toThrow(/no webhook ID.*save/);
			await expect(host.run('create')).rejects.toThrow(NodeOperationError);
		}
		expect(getRequests()).toEqual([]);
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
			'a URL that is not public',
			() => (host.setup.credential.environment = 'production'),
			/cannot deliver to http:\/\/127\.0\.0\.1.*Set N8N_WEBHOOK_URL \(WEBHOOK_URL before n8n 2\.35\)/,
		],
		[
			'an invalid address',
			() => (host.setup.parameters = { events, options: { allowedIps: '52.52.52' } }),
			/"52\.52\.52" in the option Allowed IPs/,
		],
		...(
			[
				[{ livemode: 'Live' }, /Live Mode must be all, live or test, not "Live"\./],
				[{ acknowledge: 'done' }, /Acknowledge must be received or finished, not "done"\./],
				[{ minimumConfidence: 'high' }, /Minimum Confidence must be a number, not "high"\./],
				[{ minimumConfidence: 80 }, /Minimum Confidence must be at most 1, not "80"\./],
				[{ batchSize: 0 }, /Batch Size must be at least 1, not "0"\./],
				[
					{ maxEventAge: '={{ undefined }}' },
					/Maximum Event Age must be a number, not "undefined"\./,
				],
				[{ maxEventAge: '={{ "" }}' }, /Maximum Event Age must be a number, not ""\./],
				[{ maxEventAge: '={{ null }}' }, /Maximum Event Age must be a number, not "null"\./],
				[{ simplify: 'perhaps' }, /Simplify must be true or false, not "perhaps"\./],
				[{ allowedIps: '={{ undefined }}' }, /"" in the option Allowed IPs/],
			] as const
		).map(([options, text]): [string, () => void, RegExp] => [
			`an invalid value: ${JSON.stringify(options)}`,
			() => (host.setup.parameters = { events, options }),
			text,
		]),
		[
			'manual registration without a secret',
			() => (host.setup.parameters = { events, registration: 'manual' }),
			/With manual registration, .*Signing Secret/,
		],
	])('%s', async (_, change, text) => {
		change();
		for (const run of [async () => await host.publish(), async () => await host.run('create')]) {
			const error = await run().catch((thrown: unknown) => thrown);
			expect(error).toBeInstanceOf(NodeOperationError);
			expect((error as Error).message).toMatch(text);
		}
		expect(getRequests()).toEqual([]);
	});
});

describe('manual registration', () => {
	it('removes a webhook of a previous automatic registration, and keeps its secret for the retry window', async () => {
		await host.publish();
		const { id, secret } = getOnlyWebhook();
		const userWebhook = await addWebhook({ ...otherWebhook, url: host.url });
		host.setup.parameters = { events, registration: 'manual' };
		host.setup.credential = createCredential({ signingSecret: 'correct horse' });
		await host.publish();
		expect(getOnlyWebhook().id).toBe(userWebhook);
		expect(JSON.stringify(host.savedStaticData)).not.toContain(id);
		expect(JSON.stringify(host.savedStaticData)).toContain(secret);
	});

	it('sends no request and counts as registered', async () => {
		host.setup.parameters = { events, registration: 'manual' };
		host.setup.credential = createCredential({ signingSecret: 'correct horse' });
		await host.publish();
		await host.run('create');
		expect(await host.run('checkExists')).toBe(true);
		expect(getRequests()).toEqual([]);
	});

	it('does not count as registered while a webhook of an automatic registration exists', async () => {
		await host.publish();
		host.setup.parameters = { events, registration: 'manual' };
		host.setup.credential = createCredential({ signingSecret: 'correct horse' });
		expect(await host.run('checkExists')).toBe(false);
	});
});

describe("n8n's log", () => {
	const getLastLine = () => host.log.at(-1)?.message.replace(/ \[workflow .*$/, '');
	const PREFIX = 'MindPeeker Trigger: ';

	it('contains the created webhook and the removed ones', async () => {
		const first = await addWebhook({ ...otherWebhook, url: host.url });
		const second = await addWebhook({ ...otherWebhook, url: host.url });
		await host.publish();
		const created = simulator.webhooks().find(({ secret }) => secret !== otherWebhook.secret)?.id;
		expect(getLastLine()).toBe(
			`${PREFIX}webhook ${created} for ${host.url}: created, removed ${first}, removed ${second}`,
		);
	});

	it('says whether the webhook was updated', async () => {
		await host.publish();
		const { id } = getOnlyWebhook();
		await host.run('create');
		expect(getLastLine()).toBe(`${PREFIX}webhook ${id} for ${host.url}: no changes`);
		simulator.pauseWebhook(id);
		await host.run('create');
		expect(getLastLine()).toBe(`${PREFIX}webhook ${id} for ${host.url}: updated ${id}`);
	});

	it('says whether a webhook was removed', async () => {
		await host.publish();
		const { id } = getOnlyWebhook();
		await host.unpublish();
		expect(getLastLine()).toBe(`${PREFIX}removed ${id}`);
		await host.unpublish();
		expect(getLastLine()).toBe(`${PREFIX}no webhook to remove: this node registered none`);
		await host.publish();
		const second = getOnlyWebhook().id;
		simulator.deleteWebhook(second);
		await host.unpublish();
		expect(getLastLine()).toBe(`${PREFIX}webhook ${second} was already removed`);
		expect(getWarnings()).toEqual([]);
	});
});
