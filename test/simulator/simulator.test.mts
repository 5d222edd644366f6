import { readFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { afterThisTest, itIf } from '../support/jest.mts';

import { DEFAULT_API_KEY, SimulatorError, startSimulator } from '../../simulator/index.mts';
import { ATTEMPTS } from './harness/apiDocs.mts';
import { respondWith, Receiver, neverRespond } from './harness/receiver.mts';
import { sendApiRequest, createWebhook } from '../support/api.mts';
import { startReceiver, startTestSimulator, startWithWebhook } from './harness/setup.mts';

describe('the simulator', () => {
	it('treats an undefined option as missing', async () => {
		const simulator = await startTestSimulator({
			apiKeys: undefined,
			requestsPerMinute: undefined,
		});
		expect(simulator.apiKey).toBe(DEFAULT_API_KEY);
	});

	it('uses a free port by default', async () => {
		const [first, second] = [await startTestSimulator(), await startTestSimulator()];
		expect(first.baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/);
		expect(second.baseUrl).not.toBe(first.baseUrl);
	});

	it('rejects a port that is in use', async () => {
		const { origin } = await startTestSimulator();
		const port = Number(new URL(origin).port);
		await expect(startSimulator({ port })).rejects.toThrow(
			new SimulatorError(`Port ${port} is in use. Stop the other program or choose another port.`),
		);
	});

	const externalAddress = Object.values(networkInterfaces())
		.flat()
		.find((address) => address?.family === 'IPv4' && !address.internal)?.address;

	// Linux has all of 127.0.0.0/8.
	const otherAddress = externalAddress ?? (process.platform === 'linux' ? '127.0.0.2' : undefined);

	/** Whether a connection to the simulator's port at another address succeeds. */
	async function isReachable(origin: string): Promise<boolean> {
		const connection = createConnection({
			host: otherAddress,
			port: Number(new URL(origin).port),
		});
		const isConnected = await new Promise<boolean>((resolve) => {
			connection.once('connect', () => resolve(true));
			connection.once('error', () => resolve(false));
		});
		connection.destroy();
		return isConnected;
	}

	itIf(otherAddress !== undefined)('can be reached at 127.0.0.1 only, by default', async () => {
		const { origin } = await startTestSimulator();
		expect(await isReachable(origin)).toBe(false);
	});

	itIf(otherAddress !== undefined)(
		'can be reached at all addresses with the host 0.0.0.0',
		async () => {
			const { origin } = await startTestSimulator({ host: '0.0.0.0' });
			expect(new URL(origin).hostname).toBe('127.0.0.1');
			expect(await isReachable(origin)).toBe(true);
		},
	);

	it('rejects a host that is not this machine', async () => {
		await expect(startSimulator({ host: '192.0.2.1' })).rejects.toThrow(
			new SimulatorError('Host 192.0.2.1 is not an address of this machine.'),
		);
	});

	it.each([
		['host', { host: '' }],
		['port', { port: 70_000 }],
		['API key', { apiKeys: [] }],
		['API key', { apiKeys: [''] }],
		['time factor', { timeFactor: 0 }],
		['time factor', { timeFactor: NaN }],
		['response timeout', { responseTimeoutMs: -1 }],
		['rate limit', { requestsPerMinute: 0.5 }],
	])('rejects an invalid %s: %j', async (name, options) => {
		const start = startSimulator(options);
		await expect(start).rejects.toThrow(SimulatorError);
		await expect(start).rejects.toThrow(name);
	});

	it('emits events', async () => {
		const { simulator } = await startWithWebhook({ respond: respondWith(500) });
		const emitted: string[] = [];
		for (const name of ['event', 'attempt', 'delivered', 'failed', 'request'] as const) {
			simulator.on(name, () => emitted.push(name));
		}
		simulator.emit('session.completed');
		await simulator.waitUntilIdle();
		expect(emitted).toEqual(['event', ...Array(ATTEMPTS).fill('attempt'), 'failed', 'event']);
		await sendApiRequest(simulator, 'GET', '/webhooks');
		expect(emitted.at(-1)).toBe('request');
	});

	it('does not call a removed listener', async () => {
		const { simulator } = await startWithWebhook();
		let calls = 0;
		const removeListener = simulator.on('event', () => calls++);
		simulator.emit('session.completed');
		removeListener();
		simulator.emit('session.completed');
		expect(calls).toBe(1);
	});
});

describe('waiting for a delivery', () => {
	it('resolves with a completed one', async () => {
		const { simulator } = await startWithWebhook();
		const { event } = simulator.emit('session.completed');
		await simulator.waitUntilIdle();
		expect(await simulator.waitForDelivery(event.id)).toMatchObject({ state: 'delivered' });
	});

	it('accepts a predicate', async () => {
		const { simulator } = await startWithWebhook();
		const failed = simulator.waitForDelivery(({ eventType }) => eventType === 'session.failed');
		simulator.emit('session.completed');
		simulator.emit('session.failed');
		expect(await failed).toMatchObject({ eventType: 'session.failed', state: 'delivered' });
	});

	it('rejects after the timeout with the latest deliveries', async () => {
		const { simulator } = await startWithWebhook({ respond: neverRespond });
		const { event } = simulator.emit('session.completed');
		await expect(simulator.waitForDelivery(event.id, { timeoutMs: 30 })).rejects.toThrow(
			`session.completed ${event.id}: pending`,
		);
	});
});

describe('closing', () => {
	it('cancels pending deliveries and sessions', async () => {
		const simulator = await startSimulator({ timeFactor: 1 });
		const failing = await startReceiver(respondWith(500));
		const hanging = await startReceiver(neverRespond);
		await createWebhook(simulator, failing.url);
		await createWebhook(simulator, hanging.url);
		await sendApiRequest(simulator, 'POST', '/sessions', { type: 'dowsing', target: 'Water' });
		await new Promise((resolve) => simulator.on('attempt', resolve));
		await simulator.close();
		expect(simulator.deliveries().map(({ state }) => state)).toEqual(['canceled', 'canceled']);
		await expect(fetch(simulator.baseUrl)).rejects.toThrow();
	});

	it('can be called twice', async () => {
		const simulator = await startSimulator();
		await simulator.close();
		await simulator.close();
	});
});

describe('a delivery over HTTPS', () => {
	// A self-signed certificate for 127.0.0.1, created with `openssl req -x509`.
	const tls = {
		key: readFileSync('test/simulator/fixtures/key.pem', 'utf8'),
		cert: readFileSync('test/simulator/fixtures/certificate.pem', 'utf8'),
	};

	async function deliverTo(ca?: string) {
		const receiver = await Receiver.start(respondWith(200), tls);
		afterThisTest(async () => await receiver.close());
		const simulator = await startTestSimulator(ca === undefined ? {} : { tls: { ca } });
		await createWebhook(simulator, receiver.url);
		const { event } = simulator.emit('session.completed');
		return await simulator.waitForDelivery(event.id);
	}

	it('succeeds with a trusted certificate', async () => {
		expect(await deliverTo(tls.cert)).toMatchObject({ state: 'delivered' });
	});

	it('fails with an unknown certificate', async () => {
		const { state, attempts } = await deliverTo();
		expect(state).toBe('failed');
		expect(attempts[0]?.error).toMatch(/self-signed/);
	});
});
