import { readFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { afterThisTest, itIf } from '../support/jest.mts';

import { DEFAULT_API_KEY, SimulatorError, startSimulator } from '../../simulator/index.mts';
import { answering, Receiver, silent } from './harness/receiver.mts';
import { callApi, register } from '../support/api.mts';
import { receive, simulate, stage } from './harness/world.mts';

describe('the simulator', () => {
	it('takes an option that is undefined as left out', async () => {
		const simulator = await simulate({ apiKeys: undefined, requestsPerMinute: undefined });
		expect(simulator.apiKey).toBe(DEFAULT_API_KEY);
	});

	it('takes a free port where none is given', async () => {
		const [first, second] = [await simulate(), await simulate()];
		expect(first.baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/);
		expect(second.baseUrl).not.toBe(first.baseUrl);
	});

	it('says so where its port is in use', async () => {
		const { origin } = await simulate();
		const port = Number(new URL(origin).port);
		await expect(startSimulator({ port })).rejects.toThrow(
			new SimulatorError(`Port ${port} is in use. End what listens there, or choose another port.`),
		);
	});

	const outside = Object.values(networkInterfaces())
		.flat()
		.find((address) => address?.family === 'IPv4' && !address.internal)?.address;

	itIf(outside !== undefined)('cannot be reached from other machines', async () => {
		const { origin } = await simulate();
		const connection = createConnection({ host: outside, port: Number(new URL(origin).port) });
		const outcome = await new Promise((resolve) => {
			connection.once('connect', () => resolve('connected'));
			connection.once('error', () => resolve('refused'));
		});
		connection.destroy();
		expect(outcome).toBe('refused');
	});

	it.each([
		['port', { port: 70_000 }],
		['API key', { apiKeys: [] }],
		['API key', { apiKeys: [''] }],
		['time factor', { timeFactor: 0 }],
		['time factor', { timeFactor: NaN }],
		['time for an answer', { answerTimeoutMs: -1 }],
		['rate limit', { requestsPerMinute: 0.5 }],
	])('refuses a %s that makes no sense: %j', async (name, options) => {
		const start = startSimulator(options);
		await expect(start).rejects.toThrow(SimulatorError);
		await expect(start).rejects.toThrow(name);
	});

	it('tells what happens while it happens', async () => {
		const { simulator } = await stage({ answer: answering(500) });
		const told: string[] = [];
		for (const name of ['event', 'attempt', 'delivered', 'givenUp', 'request'] as const) {
			simulator.on(name, () => told.push(name));
		}
		simulator.emit('session.completed');
		await simulator.idle();
		expect(told).toEqual(['event', ...Array(7).fill('attempt'), 'givenUp', 'event']);
		await callApi(simulator, 'GET', '/webhooks');
		expect(told.at(-1)).toBe('request');
	});

	it('stops telling who does not listen any more', async () => {
		const { simulator } = await stage();
		let calls = 0;
		const stop = simulator.on('event', () => calls++);
		simulator.emit('session.completed');
		stop();
		simulator.emit('session.completed');
		expect(calls).toBe(1);
	});
});

describe('waiting for a delivery', () => {
	it('ends with one that has ended already', async () => {
		const { simulator } = await stage();
		const { event } = simulator.emit('session.completed');
		await simulator.idle();
		expect(await simulator.waitForDelivery(event.id)).toMatchObject({ state: 'delivered' });
	});

	it('takes any condition', async () => {
		const { simulator } = await stage();
		const failed = simulator.waitForDelivery(({ eventType }) => eventType === 'session.failed');
		simulator.emit('session.completed');
		simulator.emit('session.failed');
		expect(await failed).toMatchObject({ eventType: 'session.failed', state: 'delivered' });
	});

	it('gives up when the time is up, and says what there is', async () => {
		const { simulator } = await stage({ answer: silent });
		const { event } = simulator.emit('session.completed');
		await expect(simulator.waitForDelivery(event.id, { timeoutMs: 30 })).rejects.toThrow(
			`session.completed ${event.id}: pending`,
		);
	});
});

describe('closing', () => {
	it('stops what is under way, pending retries included', async () => {
		const simulator = await startSimulator({ timeFactor: 1 });
		const failing = await receive(answering(500));
		const hanging = await receive(silent);
		await register(simulator, failing.url);
		await register(simulator, hanging.url);
		await callApi(simulator, 'POST', '/sessions', { type: 'dowsing', target: 'Water' });
		await new Promise((resolve) => simulator.on('attempt', resolve));
		await simulator.close();
		expect(simulator.deliveries().map(({ state }) => state)).toEqual(['cancelled', 'cancelled']);
		await expect(fetch(simulator.baseUrl)).rejects.toThrow();
	});

	it('twice does no harm', async () => {
		const simulator = await startSimulator();
		await simulator.close();
		await simulator.close();
	});
});

describe('a delivery over HTTPS', () => {
	// A pair for 127.0.0.1 that nothing else trusts, made with `openssl req -x509`.
	const tls = {
		key: readFileSync('test/simulator/fixtures/key.pem', 'utf8'),
		cert: readFileSync('test/simulator/fixtures/certificate.pem', 'utf8'),
	};

	async function deliverTo(ca?: string) {
		const receiver = await Receiver.start(answering(200), tls);
		afterThisTest(async () => await receiver.close());
		const simulator = await simulate(ca === undefined ? {} : { tls: { ca } });
		await register(simulator, receiver.url);
		const { event } = simulator.emit('session.completed');
		return await simulator.waitForDelivery(event.id);
	}

	it('arrives where the certificate is trusted', async () => {
		expect(await deliverTo(tls.cert)).toMatchObject({ state: 'delivered' });
	});

	it('fails where it is not', async () => {
		const { state, attempts } = await deliverTo();
		expect(state).toBe('givenUp');
		expect(attempts[0]?.error).toMatch(/self-signed/);
	});
});
