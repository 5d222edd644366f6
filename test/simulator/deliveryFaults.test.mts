import { describe, expect, it } from '@jest/globals';

import type { Simulator } from '../../simulator/index.mts';
import { respondWith, neverRespond } from './harness/receiver.mts';
import { createWebhook } from '../support/api.mts';
import { startReceiver, startTestSimulator, startWithWebhook } from './harness/setup.mts';

async function deliverOne(simulator: Simulator) {
	const { event } = simulator.emit('session.completed');
	return await simulator.waitForDelivery(event.id);
}

describe('a fault on deliveries', () => {
	it('"drop" loses the request', async () => {
		const { simulator, receiver } = await startWithWebhook();
		simulator.faults.add({ on: 'delivery', kind: 'drop' });
		const { state, attempts } = await deliverOne(simulator);
		expect(state).toBe('delivered');
		expect(attempts.map(({ status }) => status)).toEqual([null, 200]);
		expect(attempts[0]?.error).toContain('drop');
		expect(receiver.received).toHaveLength(1);
	});

	it('"lost-response" retries a request that the receiver has accepted', async () => {
		const { simulator, receiver } = await startWithWebhook();
		simulator.faults.add({ on: 'delivery', kind: 'lost-response' });
		const { state, attempts } = await deliverOne(simulator);
		expect(state).toBe('delivered');
		expect(attempts.map(({ status }) => status)).toEqual([200, 200]);
		expect(attempts[0]?.error).toContain('lost-response');
		const [first, second] = receiver.received.map(({ body }) => body);
		expect(second).toEqual(first);
	});

	it('"slow-response" retries while the receiver is still processing', async () => {
		const simulator = await startTestSimulator();
		const open: Array<() => void> = [];
		let outcome = 'the connection was closed';
		const receiver = await startReceiver((response) => {
			if (open.length > 0) return void response.end();
			response.once('finish', () => (outcome = 'the receiver could respond'));
			open.push(() => response.end());
		});
		await createWebhook(simulator, receiver.url);
		simulator.faults.add({ on: 'delivery', kind: 'slow-response', afterMs: 60 });
		const { state, attempts } = await deliverOne(simulator);
		expect(state).toBe('delivered');
		expect(attempts).toMatchObject([
			{ number: 1, status: null, error: expect.stringContaining('slow-response') },
			{ number: 2, status: 200 },
		]);
		open[0]?.();
		await simulator.waitUntilIdle();
		expect(outcome).toBe('the receiver could respond');
	});

	it('"slow-response" with hangUp closes the connection', async () => {
		const simulator = await startTestSimulator();
		let hungUp: Promise<unknown> | undefined;
		const receiver = await startReceiver((response) => {
			if (hungUp) return void response.end();
			hungUp = new Promise((resolve) => response.once('close', resolve));
		});
		await createWebhook(simulator, receiver.url);
		simulator.faults.add({ on: 'delivery', kind: 'slow-response', afterMs: 60, hangUp: true });
		expect((await deliverOne(simulator)).attempts).toHaveLength(2);
		await hungUp;
	});

	it('"slow-response" waits for the response timeout by default', async () => {
		const { simulator } = await startWithWebhook({ responseTimeoutMs: 40 });
		simulator.faults.add({ on: 'delivery', kind: 'slow-response' });
		const { attempts } = await deliverOne(simulator);
		expect(attempts[0]?.durationMs).toBeGreaterThanOrEqual(39);
	});

	it('"duplicate" sends the same bytes again and ignores the responses', async () => {
		const simulator = await startTestSimulator();
		const receiver = await startReceiver((response) =>
			response.writeHead(receiver.received.length > 1 ? 500 : 200).end(),
		);
		await createWebhook(simulator, receiver.url);
		simulator.faults.add({ on: 'delivery', kind: 'duplicate', copies: 3, withinMs: 30 });
		await deliverOne(simulator);
		await simulator.waitUntilIdle();
		expect(receiver.received).toHaveLength(4);
		expect(new Set(receiver.received.map(({ body }) => body.toString('hex'))).size).toBe(1);
		const { attempts, state } = simulator.deliveries()[0] ?? {};
		expect(attempts?.map(({ copy }) => copy).sort()).toEqual([0, 1, 2, 3]);
		expect(attempts?.map(({ number }) => number)).toEqual([1, 1, 1, 1]);
		expect(state).toMatch(/delivered/);
	});

	it('"reorder" changes the order of events', async () => {
		const { simulator, receiver } = await startWithWebhook({ seed: 1 });
		simulator.faults.add({ on: 'delivery', kind: 'reorder', withinMs: 200, times: 20 });
		const emitted = Array.from({ length: 20 }, () => simulator.emit('session.completed').event.id);
		await simulator.waitUntilIdle();
		const arrived = receiver.events().map(({ id }) => id);
		expect(arrived).not.toEqual(emitted);
		expect(arrived.sort()).toEqual([...emitted].sort());
	});

	it('matches the type, the webhook and the attempts', async () => {
		const { simulator, receiver, webhookId } = await startWithWebhook();
		const other = await startReceiver();
		await createWebhook(simulator, other.url, ['session.completed']);
		simulator.faults.add({
			on: 'delivery',
			kind: 'lost-response',
			eventType: 'session.completed',
			webhookId,
			upToAttempt: 2,
			times: 99,
		});
		simulator.emit('session.failed');
		simulator.emit('session.completed');
		await simulator.waitUntilIdle();
		expect(receiver.events('session.failed')).toHaveLength(1);
		expect(receiver.events('session.completed')).toHaveLength(3);
		expect(other.received).toHaveLength(1);
	});

	it('can be combined with others', async () => {
		const { simulator, receiver } = await startWithWebhook();
		simulator.faults.add({ on: 'delivery', kind: 'duplicate' });
		simulator.faults.add({ on: 'delivery', kind: 'drop' });
		await deliverOne(simulator);
		await simulator.waitUntilIdle();
		const attempts = simulator.deliveries()[0]?.attempts ?? [];
		expect(attempts.map(({ number, copy }) => `${number}.${copy}`).sort()).toEqual([
			'1.0',
			'1.1',
			'2.0',
		]);
		expect(receiver.received).toHaveLength(2);
	});
});

describe('a run with faults', () => {
	const PROBABLE = { on: 'delivery', probability: 0.3, upToAttempt: 3 } as const;

	/** The attempts of each event, in the order of the events. */
	async function run(seed: number) {
		const { simulator, receiver } = await startWithWebhook({ seed });
		simulator.faults.add({ ...PROBABLE, kind: 'lost-response' });
		simulator.faults.add({ ...PROBABLE, kind: 'slow-response', afterMs: 5 });
		simulator.faults.add({ ...PROBABLE, kind: 'duplicate', withinMs: 5 });
		simulator.faults.add({ ...PROBABLE, kind: 'reorder', withinMs: 5 });
		for (let i = 0; i < 100; i++) simulator.emit('session.completed');
		await simulator.waitUntilIdle();
		const attemptsByEvent = simulator.deliveries().map(({ eventId, attempts }) => ({
			eventId,
			attempts: attempts.map(({ number, copy, error }) => `${number}.${copy} ${error}`).sort(),
		}));
		return { attemptsByEvent, states: simulator.deliveries().map(({ state }) => state), receiver };
	}

	it('is the same with the same seed, and different with another', async () => {
		const [first, second, third] = [await run(42), await run(42), await run(43)];
		expect(second.attemptsByEvent).toEqual(first.attemptsByEvent);
		expect(third.attemptsByEvent).not.toEqual(first.attemptsByEvent);
		expect(JSON.stringify(first.attemptsByEvent)).toContain('1.1');
		expect(JSON.stringify(first.attemptsByEvent)).toContain('slow-response');
	});

	it('delivers every event', async () => {
		const { states, receiver } = await run(44);
		expect(new Set(states)).toEqual(new Set(['delivered']));
		expect(new Set(receiver.events().map(({ id }) => id)).size).toBe(100);
		expect(receiver.received.length).toBeGreaterThan(125);
	});
});

describe('a lost response', () => {
	it('keeps the original error', async () => {
		const { simulator } = await startWithWebhook({ respond: neverRespond, responseTimeoutMs: 20 });
		simulator.faults.add({ on: 'delivery', kind: 'lost-response' });
		const { attempts } = await deliverOne(simulator);
		expect(attempts[0]?.error).toBe('No response within 20 ms');
	});

	it('does not become a success through duplicates', async () => {
		const { simulator } = await startWithWebhook({ respond: respondWith(500) });
		simulator.faults.add({ on: 'delivery', kind: 'duplicate', times: 9 });
		expect((await deliverOne(simulator)).state).toBe('failed');
	});
});
