import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { waitFor } from '../support/jest.mts';

import { MindPeekerTrigger } from '../../nodes/MindPeekerTrigger/MindPeekerTrigger.node.ts';
import { sign } from '../../nodes/shared/signature.ts';
import { startSimulator, type Simulator } from '../../simulator/index.mts';
import { TriggerHost } from './harness/triggerHost.mts';
import { useCheapDigests } from './harness/cheapDigest.mts';

useCheapDigests();

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

describe('a genuine delivery', () => {
	it('starts one execution with the event as it was sent, and is answered 200', async () => {
		expect(await deliver()).toEqual({ status: 200, text: 'OK' });
		expect(host.executions).toEqual([[{ json: event }]]);
	});

	it('is verified over its bytes, not over what they mean', async () => {
		const spaced = Buffer.from(JSON.stringify(event, null, 2));
		expect(await deliver({ body: spaced })).toMatchObject({ status: 200 });
		expect(await deliver({ body: spaced, signature: sign(body, secret) })).toMatchObject({
			status: 401,
		});
	});

	it.each([{}, { 'Content-Type': 'application/octet-stream' }, { 'Content-Type': 'text/plain' }])(
		'is taken with the headers %j',
		async (headers) => {
			expect(await deliver({ headers: headers as Record<string, string> })).toMatchObject({
				status: 200,
			});
			expect(host.executions).toHaveLength(1);
		},
	);

	it('of a type not chosen is answered 200, and starts nothing', async () => {
		const other = Buffer.from(JSON.stringify({ ...event, type: 'session.failed' }));
		expect(await deliver({ body: other })).toEqual({ status: 200, text: 'OK' });
		expect(host.executions).toEqual([]);
	});

	it('of a type not known yet is taken where all are chosen', async () => {
		await host.republish({ events: ['*'] });
		secret = simulator.webhooks().find(({ url }) => url === host.url)!.secret;
		const unknown = Buffer.from(JSON.stringify({ ...event, type: 'telepathy.received' }));
		expect(await deliver({ body: unknown })).toMatchObject({ status: 200 });
		expect(host.executions).toHaveLength(1);
	});

	it('comes from the simulator just so', async () => {
		const sent = simulator.emit('session.completed', { data: { target: 'Ω – 目' } });
		await simulator.waitForDelivery(sent.event.id);
		expect(host.executions).toEqual([[{ json: sent.event }]]);
	});
});

describe.each([1, 1.1])('a trigger of version %d', (typeVersion) => {
	it.each([{}, JSON_TYPE, { 'Content-Type': 'application/octet-stream' }])(
		'is known to n8n, and starts its workflow: %j',
		async (headers) => {
			expect([new MindPeekerTrigger().description.version].flat()).toContain(typeVersion);
			host.setup.typeVersion = typeVersion;
			expect(await deliver({ headers })).toEqual({ status: 200, text: 'OK' });
			expect(host.executions).toEqual([[{ json: event }]]);
		},
	);
});

describe('a delivery is refused with 401 and starts nothing', () => {
	const altered = Buffer.from(JSON.stringify({ ...event, livemode: false }));

	it.each<[string, () => Parameters<typeof deliver>[0]]>([
		['under another secret', () => ({ signature: sign(body, 'another') })],
		['without a signature', () => ({ signature: null })],
		['with a truncated signature', () => ({ signature: sign(body, secret).slice(0, -1) })],
		[
			'with the good signature twice',
			() => ({ signature: `${sign(body, secret)}, ${sign(body, secret)}` }),
		],
		[
			'with another body under a good signature',
			() => ({ body: altered, signature: sign(body, secret) }),
		],
		[
			'in several parts, which n8n has consumed',
			() => ({ headers: { 'Content-Type': 'multipart/form-data; boundary=x' } }),
		],
	])('%s', async (_, change) => {
		expect(await deliver(change())).toEqual({ status: 401, text: 'Invalid signature' });
		expect(host.executions).toEqual([]);
	});

	it.each(['', ' '])('where no secret is known but one that is "%s"', async (blank) => {
		host.savedStaticData = {};
		host.setup.credential.signingSecret = blank;
		const answer = await deliver({ signature: sign(body, blank) });
		expect(answer).toEqual({ status: 401, text: 'Invalid signature' });
		expect(host.executions).toEqual([]);
	});
});

describe('a signed event with fields that are not as documented is taken as it was sent', () => {
	it.each([
		{ data: null },
		{ data: [1] },
		{ data: 'x' },
		{ id: 7 },
		{ created_at: 0, livemode: 'yes' },
	])('%j', async (change) => {
		const odd = { ...event, ...change };
		const sent = Buffer.from(JSON.stringify(odd));
		expect((await deliver({ body: sent })).status).toBe(200);
		expect(host.executions).toEqual([[{ json: odd }]]);
	});

	it('and is recognized when it comes again, also by an id that is a number', async () => {
		const numbered = Buffer.from(JSON.stringify({ ...event, id: 7 }));
		for (let time = 0; time < 2; time++) await deliver({ body: numbered });
		expect(host.executions).toHaveLength(1);
	});
});

describe('a signed delivery that is no event', () => {
	it.each(['', 'hello', '[]', '{"id":"evt_1"}', '{"type":"session.completed"}'])(
		'%j is refused with 400 and starts nothing',
		async (text) => {
			const answer = await deliver({ body: Buffer.from(text) });
			expect(answer).toEqual({ status: 400, text: 'Not a MindPeeker event' });
			expect(host.executions).toEqual([]);
		},
	);
});

describe('a secret', () => {
	it('that was generated before a republication is still good', async () => {
		await host.republish({ events: [event.type, 'session.failed'] });
		expect(simulator.webhooks()[0]?.secret).not.toBe(secret);
		expect(await deliver()).toMatchObject({ status: 200 });
	});

	it('in the credential is good, and so is the previous one', async () => {
		Object.assign(host.setup.credential, { signingSecret: 'new', previousSigningSecret: 'old' });
		expect(await deliver({ signature: sign(body, 'new') })).toMatchObject({ status: 200 });
		expect(await deliver({ signature: sign(body, 'old') })).toMatchObject({ status: 200 });
		expect(await deliver({ signature: sign(body, 'older') })).toMatchObject({ status: 401 });
	});
});

describe('the test listener', () => {
	let listener: TriggerHost;
	const made = () => simulator.webhooks().find(({ url }) => url === listener.testUrl);

	beforeEach(async () => {
		listener = await new TriggerHost(structuredClone(host.setup)).start();
	});
	afterEach(async () => {
		await listener.run('delete', 'manual').catch(() => {});
		await listener.stop();
	});

	it('registers its own url beside the production one, receives, and cleans up', async () => {
		listener.setup.parameters.options = { sendTestEvent: false };
		await listener.run('create', 'manual');
		expect(made()).toMatchObject({ events: [event.type], active: true });
		const answer = await deliver({ url: listener.testUrl, signature: sign(body, made()!.secret) });
		expect(answer).toMatchObject({ status: 200 });
		expect(listener.executions).toEqual([[{ json: event }]]);
		await listener.run('delete', 'manual');
		expect(made()).toBeUndefined();
		expect(simulator.webhooks().map(({ url }) => url)).toContain(host.url);
	});

	it('is sent a test event of the first chosen type, which no other filter swallows', async () => {
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

	it('listens all the same where the service refuses to send one', async () => {
		const path = '/webhooks/{id}/test';
		simulator.faults.add({ on: 'api', method: 'POST', path, kind: 'answer', status: 503 });
		await listener.run('create', 'manual');
		const asked = () => simulator.requests().filter(({ path: called }) => called.endsWith('/test'));
		await waitFor(() => expect(asked().at(-1)?.status).toBe(503));
		const failed = /: Could not request a test event from MindPeeker: MindPeeker failed to process/;
		await waitFor(() =>
			expect(listener.log.filter(({ level }) => level === 'warn')).toMatchObject([
				{ message: expect.stringMatching(failed) },
			]),
		);
		const answer = await deliver({ url: listener.testUrl, signature: sign(body, made()!.secret) });
		expect(answer).toMatchObject({ status: 200 });
	});

	it('alone is sent one: a publication is not', async () => {
		const before = simulator.requests().length;
		await host.republish({ events: ['session.created'] });
		// Two calls later, one that nobody had waited for would have arrived.
		await host.unpublish();
		const paths = simulator
			.requests()
			.slice(before)
			.map(({ path }) => path);
		expect(paths.filter((path) => path.endsWith('/test'))).toEqual([]);
	});
});

describe('an answer', () => {
	const answerTo = async (signature: string) => {
		const headers = { ...JSON_TYPE, 'X-MindPeeker-Signature': signature };
		return await fetch(host.url, { method: 'POST', headers, body: new Uint8Array(body) });
	};

	it.each([200, 401])('of %d is plain text', async (status) => {
		const answer = await answerTo(status === 200 ? sign(body, secret) : 'nonsense');
		expect(answer.status).toBe(status);
		expect(answer.headers.get('content-type')).toMatch(/^text\/plain\b/);
	});

	it('is said to have taken as long as it took', async () => {
		const before = performance.now();
		await answerTo('nonsense');
		await waitFor(() => expect(host.log).toHaveLength(2));
		const { durationMs } = host.log.at(-1)!.metadata!;
		expect(durationMs).toBeLessThanOrEqual(Math.ceil(performance.now() - before));
	});

	it('is given once', async () => {
		await answerTo('nonsense');
		await answerTo(sign(body, secret));
		expect(host.answeredTwice).toBe(false);
	});
});

describe('a fault of our own', () => {
	it('is answered 500, so that MindPeeker tries again, and shows nothing of it', async () => {
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
			message: expect.stringContaining('failed (cannot decrypt s3cret)'),
		});
	});

	it.each(['nonsense', null])(
		'is none where the signature %j is none, whatever the secret',
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
		"is none where the trigger's own secret tells all there is to know, with debug %s",
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

describe('a value that only an expression can give is taken for the default:', () => {
	it.each([
		{ acknowledge: 'Finished' },
		{ deduplication: 'Durable' },
		{ livemode: 'Live' },
		{ minimumConfidence: 'high' },
		{ batchSize: 'many' },
		{ acknowledge: null, livemode: [], deduplication: 1 },
	])('%j', async (options) => {
		host.setup.parameters = { events: [event.type], options };
		const answers = [await deliver(), await deliver()];
		expect(answers).toMatchObject([{ status: 200 }, { status: 200 }]);
		expect(host.executions).toHaveLength(1);
	});

	it('but a maximum age that is no number lets nothing in, so that it comes again', async () => {
		for (const maxEventAge of ['={{ undefined }}', '={{ "" }}', ' ', null, [], {}]) {
			host.setup.parameters = { events: [event.type], options: { maxEventAge } };
			expect(await deliver()).toMatchObject({ status: 500 });
			expect(await deliver({ signature: 'forged' })).toMatchObject({ status: 401 });
		}
		expect(host.executions).toEqual([]);
		const failure = expect.stringContaining('failed (Maximum Event Age is no number)');
		expect(host.log.map(({ message }) => message)).toContainEqual(failure);
	});

	it('but a list of addresses that is none lets nobody in', async () => {
		for (const allowedIps of ['={{ undefined }}', null, 42, {}]) {
			host.setup.parameters = { events: [event.type], options: { allowedIps } };
			expect(await deliver()).toMatchObject({ status: 403 });
		}
	});
});
