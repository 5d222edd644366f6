import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { waitFor } from '../support/jest.mts';

import { MindPeekerTrigger } from '../../nodes/MindPeekerTrigger/MindPeekerTrigger.node.ts';
import { LAST_ATTEMPT_MS } from '../../nodes/shared/retrySchedule.ts';
import { sign } from '../../nodes/shared/signature.ts';
import { HOUR_MS } from '../../nodes/shared/time.ts';
import { startSimulator, type Simulator } from '../../simulator/index.mts';
import { TriggerHost } from './harness/triggerHost.mts';
import { useFastScrypt } from './harness/fastScrypt.mts';

useFastScrypt();

const event = {
	id: 'evt_1',
	type: 'session.completed',
	created_at: '2025-01-15T10:30:00Z',
	data: { session_id: 'sess_1', results: { descriptors: ['water'] } },
	livemode: true,
	pending_webhooks: 0,
};
const body = Buffer.from(JSON.stringify(event));
const JSON_TYPE = { 'Content-Type': 'application/json' };
let simulator: Simulator;
let host: TriggerHost;
let secret: string;

beforeAll(async () => {
	simulator = await startSimulator();
});
afterAll(async () => await simulator.close());
beforeEach(async () => {
	const credential = {
		apiKey: simulator.apiKey,
		environment: 'custom',
		baseUrl: simulator.baseUrl,
	};
	host = await new TriggerHost({ parameters: { events: [event.type] }, credential }).start();
	await host.publish();
	secret = simulator.webhooks().find(({ url }) => url === host.url)!.secret;
});
afterEach(async () => {
	await host.unpublish().catch(() => {});
	await host.stop();
});

async function deliver(
	change: {
		body?: Buffer;
		signature?: string | null;
		headers?: Record<string, string>;
		url?: string;
	} = {},
) {
	const sent = { body, headers: JSON_TYPE, url: host.url, ...change };
	const signature = change.signature === undefined ? sign(sent.body, secret) : change.signature;
	const response = await fetch(sent.url, {
		method: 'POST',
		headers: {
			...sent.headers,
			...(signature !== null && { 'X-MindPeeker-Signature': signature }),
		},
		body: new Uint8Array(sent.body),
	});
	return { status: response.status, text: await response.text() };
}

describe('a signed delivery', () => {
	it('starts one execution with the unchanged event and gets 200', async () => {
		expect(await deliver()).toEqual({ status: 200, text: 'OK' });
		expect(host.executions).toEqual([[{ json: event }]]);
	});

	it('is verified by its raw body, not by the parsed JSON', async () => {
		const spaced = Buffer.from(JSON.stringify(event, null, 2));
		expect(await deliver({ body: spaced })).toMatchObject({ status: 200 });
		expect(await deliver({ body: spaced, signature: sign(body, secret) })).toMatchObject({
			status: 401,
		});
	});

	it.each([{}, { 'Content-Type': 'application/octet-stream' }, { 'Content-Type': 'text/plain' }])(
		'is accepted with the headers %j',
		async (headers) => {
			expect(await deliver({ headers: headers as Record<string, string> })).toMatchObject({
				status: 200,
			});
			expect(host.executions).toHaveLength(1);
		},
	);

	it('of a type that is not selected gets 200 and starts no execution', async () => {
		const other = Buffer.from(JSON.stringify({ ...event, type: 'session.failed' }));
		expect(await deliver({ body: other })).toEqual({ status: 200, text: 'OK' });
		expect(host.executions).toEqual([]);
	});

	it('of an unknown type is accepted if all events are selected', async () => {
		await host.republish({ events: ['*'] });
		secret = simulator.webhooks().find(({ url }) => url === host.url)!.secret;
		const unknown = Buffer.from(JSON.stringify({ ...event, type: 'telepathy.received' }));
		expect(await deliver({ body: unknown })).toMatchObject({ status: 200 });
		expect(host.executions).toHaveLength(1);
	});

	it('from the simulator is accepted', async () => {
		const sent = simulator.emit('session.completed', { data: { target: 'Ω – 目' } });
		await simulator.waitForDelivery(sent.event.id);
		expect(host.executions).toEqual([[{ json: sent.event }]]);
	});
});

describe.each([1, 1.1])('a trigger of version %d', (typeVersion) => {
	it.each([{}, JSON_TYPE, { 'Content-Type': 'application/octet-stream' }])(
		'exists and starts its workflow: %j',
		async (headers) => {
			expect([new MindPeekerTrigger().description.version].flat()).toContain(typeVersion);
			host.setup.typeVersion = typeVersion;
			expect(await deliver({ headers })).toEqual({ status: 200, text: 'OK' });
			expect(host.executions).toEqual([[{ json: event }]]);
		},
	);
});

describe('a delivery gets 401 and starts no execution', () => {
	const altered = Buffer.from(JSON.stringify({ ...event, livemode: false }));

	it.each<[string, () => Parameters<typeof deliver>[0]]>([
		['signed with another secret', () => ({ signature: sign(body, 'another') })],
		['without a signature', () => ({ signature: null })],
		['with a truncated signature', () => ({ signature: sign(body, secret).slice(0, -1) })],
		[
			'with the valid signature twice',
			() => ({ signature: `${sign(body, secret)}, ${sign(body, secret)}` }),
		],
		[
			'with another body than the signed one',
			() => ({ body: altered, signature: sign(body, secret) }),
		],
		[
			'as multipart data, whose raw body n8n does not provide',
			() => ({ headers: { 'Content-Type': 'multipart/form-data; boundary=x' } }),
		],
	])('%s', async (_, change) => {
		expect(await deliver(change())).toEqual({ status: 401, text: 'Invalid signature' });
		expect(host.executions).toEqual([]);
	});

	it.each(['', ' '])('if the only secret is "%s"', async (blank) => {
		host.savedStaticData = {};
		host.setup.credential.signingSecret = blank;
		const response = await deliver({ signature: sign(body, blank) });
		expect(response).toEqual({ status: 401, text: 'Invalid signature' });
		expect(host.executions).toEqual([]);
	});
});

describe('a signed event with undocumented values is accepted unchanged', () => {
	it.each([
		{ data: null },
		{ data: [1] },
		{ data: 'x' },
		{ id: 7 },
		{ created_at: 0, livemode: 'yes' },
	])('%j', async (change) => {
		const unusual = { ...event, ...change };
		const sent = Buffer.from(JSON.stringify(unusual));
		expect((await deliver({ body: sent })).status).toBe(200);
		expect(host.executions).toEqual([[{ json: unusual }]]);
	});

	it('and its duplicate is recognized, even if the id is a number', async () => {
		const numbered = Buffer.from(JSON.stringify({ ...event, id: 7 }));
		for (let time = 0; time < 2; time++) await deliver({ body: numbered });
		expect(host.executions).toHaveLength(1);
	});
});

describe('a signed delivery without an event', () => {
	it.each(['', 'hello', '[]', '{"id":"evt_1"}', '{"type":"session.completed"}'])(
		'%j gets 400 and starts no execution',
		async (text) => {
			const response = await deliver({ body: Buffer.from(text) });
			expect(response).toEqual({ status: 400, text: 'Not a MindPeeker event' });
			expect(host.executions).toEqual([]);
		},
	);
});

describe('a secret', () => {
	it('that was generated before the workflow was republished is still valid', async () => {
		await host.republish({ events: [event.type, 'session.failed'] });
		expect(simulator.webhooks()[0]?.secret).not.toBe(secret);
		expect(await deliver()).toMatchObject({ status: 200 });
	});

	it('in the credential is valid, like the previous one', async () => {
		Object.assign(host.setup.credential, { signingSecret: 'new', previousSigningSecret: 'old' });
		expect(await deliver({ signature: sign(body, 'new') })).toMatchObject({ status: 200 });
		expect(await deliver({ signature: sign(body, 'old') })).toMatchObject({ status: 200 });
		expect(await deliver({ signature: sign(body, 'older') })).toMatchObject({ status: 401 });
	});
});

describe('the test listener', () => {
	let listener: TriggerHost;
	const getTestWebhook = () => simulator.webhooks().find(({ url }) => url === listener.testUrl);

	beforeEach(async () => {
		listener = await new TriggerHost(structuredClone(host.setup)).start();
	});
	afterEach(async () => {
		await listener.run('delete', 'manual').catch(() => {});
		await listener.stop();
	});

	it('registers the test URL, receives events and removes the webhook', async () => {
		listener.setup.parameters.options = { sendTestEvent: false };
		await listener.run('create', 'manual');
		expect(getTestWebhook()).toMatchObject({ events: [event.type], active: true });
		const response = await deliver({
			url: listener.testUrl,
			signature: sign(body, getTestWebhook()!.secret),
		});
		expect(response).toMatchObject({ status: 200 });
		expect(listener.executions).toEqual([[{ json: event }]]);
		await listener.run('delete', 'manual');
		expect(getTestWebhook()).toBeUndefined();
		expect(simulator.webhooks().map(({ url }) => url)).toContain(host.url);
	});

	it('receives a test event of the first selected type, regardless of other filters', async () => {
		const options = { livemode: 'live', minimumConfidence: 1 };
		listener.setup.parameters = { events: ['analysis.completed', 'session.failed'], options };
		await listener.run('create', 'manual');
		await waitFor(() => expect(listener.executions.length).toBe(1));
		expect(listener.executions[0]?.[0]?.json).toMatchObject({
			type: 'analysis.completed',
			livemode: false,
			data: { results: { risk_assessment: { level: 'medium' } } },
		});
	});

	it('still listens if MindPeeker does not send a test event', async () => {
		const path = '/webhooks/{id}/test';
		simulator.faults.add({ on: 'api', method: 'POST', path, kind: 'response', status: 503 });
		await listener.run('create', 'manual');
		const getTestRequests = () =>
			simulator.requests().filter(({ path: called }) => called.endsWith('/test'));
		await waitFor(() => expect(getTestRequests().at(-1)?.status).toBe(503));
		const failed = /: Could not request a test event from MindPeeker: MindPeeker failed to process/;
		await waitFor(() =>
			expect(listener.log.filter(({ level }) => level === 'warn')).toMatchObject([
				{ message: expect.stringMatching(failed) },
			]),
		);
		const response = await deliver({
			url: listener.testUrl,
			signature: sign(body, getTestWebhook()!.secret),
		});
		expect(response).toMatchObject({ status: 200 });
	});

	it('requests a test event, but publishing does not', async () => {
		const before = simulator.requests().length;
		await host.republish({ events: ['session.created'] });
		// The request for a test event is not awaited. It would arrive before these calls end.
		await host.unpublish();
		const paths = simulator
			.requests()
			.slice(before)
			.map(({ path }) => path);
		expect(paths.filter((path) => path.endsWith('/test'))).toEqual([]);
	});
});

describe('a response', () => {
	const request = async (signature: string) => {
		const headers = { ...JSON_TYPE, 'X-MindPeeker-Signature': signature };
		return await fetch(host.url, { method: 'POST', headers, body: new Uint8Array(body) });
	};

	it.each([200, 401])('with status %d is plain text', async (status) => {
		const response = await request(status === 200 ? sign(body, secret) : 'invalid');
		expect(response.status).toBe(status);
		expect(response.headers.get('content-type')).toMatch(/^text\/plain\b/);
	});

	it('is logged with its duration', async () => {
		const before = performance.now();
		await request('invalid');
		await waitFor(() => expect(host.log).toHaveLength(2));
		const { durationMs } = host.log.at(-1)!.metadata!;
		expect(durationMs).toBeLessThanOrEqual(Math.ceil(performance.now() - before));
	});

	it('is sent once', async () => {
		await request('invalid');
		await request(sign(body, secret));
		expect(host.hasRespondedTwice).toBe(false);
	});
});

describe('an error in the trigger', () => {
	it('leads to a 500 without details, so that MindPeeker retries', async () => {
		host.savedStaticData = {};
		Object.defineProperty(host.setup, 'credential', {
			get: () => {
				throw new Error('cannot decrypt s3cret');
			},
		});
		expect(await deliver()).toEqual({ status: 500, text: 'The delivery could not be checked' });
		expect(host.executions).toEqual([]);
		expect(host.log.at(-1)).toMatchObject({
			level: 'error',
			message: expect.stringContaining('error (cannot decrypt s3cret)'),
		});
	});

	it.each(['invalid', null])(
		'does not occur if the signature is %j, because the credential is not read',
		async (signature) => {
			host.savedStaticData = {};
			Object.defineProperty(host.setup, 'credential', {
				get: () => {
					throw new Error('cannot decrypt');
				},
			});
			expect(await deliver({ signature })).toEqual({ status: 401, text: 'Invalid signature' });
		},
	);

	it.each([false, true])(
		'does not occur if the generated secret matches, with debug %s',
		async (debug) => {
			host.setup.parameters = { events: [event.type], options: { debug } };
			Object.defineProperty(host.setup, 'credential', {
				get: () => {
					throw new Error('cannot decrypt');
				},
			});
			expect(await deliver()).toEqual({ status: 200, text: 'OK' });
		},
	);
});

describe('an invalid value from an expression is replaced by the default:', () => {
	it.each([
		{ acknowledge: 'Finished' },
		{ deduplication: 'Durable' },
		{ livemode: 'Live' },
		{ minimumConfidence: 'high' },
		{ batchSize: 'many' },
		{ acknowledge: null, livemode: [], deduplication: 1 },
	])('%j', async (options) => {
		host.setup.parameters = { events: [event.type], options };
		const responses = [await deliver(), await deliver()];
		expect(responses).toMatchObject([{ status: 200 }, { status: 200 }]);
		expect(host.executions).toHaveLength(1);
	});

	it('but an invalid maximum age rejects all events, so that MindPeeker retries', async () => {
		// No retry would be in time.
		const created_at = new Date(Date.now() + LAST_ATTEMPT_MS + HOUR_MS).toISOString();
		const future = Buffer.from(JSON.stringify({ ...event, created_at }));
		for (const maxEventAge of ['={{ undefined }}', '={{ "" }}', ' ', null, [], {}, -30]) {
			host.setup.parameters = { events: [event.type], options: { maxEventAge } };
			expect(await deliver()).toMatchObject({ status: 500 });
			expect(await deliver({ body: future })).toMatchObject({ status: 500 });
			expect(await deliver({ signature: 'forged' })).toMatchObject({ status: 401 });
		}
		expect(host.executions).toEqual([]);
		const error = expect.stringContaining(
			'error (Maximum Event Age must be a number of at least 0)',
		);
		expect(host.log.map(({ message }) => message)).toContainEqual(error);
	});

	it('but an invalid list of addresses rejects all deliveries', async () => {
		for (const allowedIps of ['={{ undefined }}', null, 42, {}]) {
			host.setup.parameters = { events: [event.type], options: { allowedIps } };
			expect(await deliver()).toMatchObject({ status: 403 });
		}
	});
});
