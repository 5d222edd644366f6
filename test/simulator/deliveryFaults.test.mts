import { describe, expect, it } from '@jest/globals';

import type { Simulator } from '../../simulator/index.mts';
import { answering, silent } from './harness/receiver.mts';
import { register } from '../support/api.mts';
import { receive, simulate, stage } from './harness/world.mts';

async function deliverOne(simulator: Simulator) {
	const { event } = simulator.emit('session.completed');
	return await simulator.waitForDelivery(event.id);
}

describe('a fault on deliveries', () => {
	it('"drop" keeps an attempt from the receiver', async () => {
		const { simulator, receiver } = await stage();
		simulator.faults.add({ on: 'delivery', kind: 'drop' });
		const { state, attempts } = await deliverOne(simulator);
		expect(state).toBe('delivered');
		expect(attempts.map(({ status }) => status)).toEqual([null, 200]);
		expect(attempts[0]?.error).toContain('drop');
		expect(receiver.received).toHaveLength(1);
	});

	it('"lost-answer" repeats what the receiver has taken', async () => {
		const { simulator, receiver } = await stage();
		simulator.faults.add({ on: 'delivery', kind: 'lost-answer' });
		const { state, attempts } = await deliverOne(simulator);
		expect(state).toBe('delivered');
		expect(attempts.map(({ status }) => status)).toEqual([200, 200]);
		expect(attempts[0]?.error).toContain('lost-answer');
		const [first, second] = receiver.received.map(({ body }) => body);
		expect(second).toEqual(first);
	});

	it('"slow-answer" repeats while the receiver is still at it', async () => {
		const simulator = await simulate();
		const open: Array<() => void> = [];
		let outcome = 'the connection was dropped';
		const receiver = await receive((response) => {
			if (open.length > 0) return void response.end();
			response.once('finish', () => (outcome = 'the receiver could answer'));
			open.push(() => response.end());
		});
		await register(simulator, receiver.url);
		simulator.faults.add({ on: 'delivery', kind: 'slow-answer', afterMs: 60 });
		const { state, attempts } = await deliverOne(simulator);
		expect(state).toBe('delivered');
		expect(attempts).toMatchObject([
			{ number: 1, status: null, error: expect.stringContaining('slow-answer') },
			{ number: 2, status: 200 },
		]);
		open[0]?.();
		await simulator.idle();
		expect(outcome).toBe('the receiver could answer');
	});

	it('"slow-answer" with hangUp drops the connection', async () => {
		const simulator = await simulate();
		let hungUp: Promise<unknown> | undefined;
		const receiver = await receive((response) => {
			if (hungUp) return void response.end();
			hungUp = new Promise((resolve) => response.once('close', resolve));
		});
		await register(simulator, receiver.url);
		simulator.faults.add({ on: 'delivery', kind: 'slow-answer', afterMs: 60, hangUp: true });
		expect((await deliverOne(simulator)).attempts).toHaveLength(2);
		await hungUp;
	});

	it('"slow-answer" waits for the usual limit where none is given', async () => {
		const { simulator } = await stage({ answerTimeoutMs: 40 });
		simulator.faults.add({ on: 'delivery', kind: 'slow-answer' });
		const { attempts } = await deliverOne(simulator);
		expect(attempts[0]?.durationMs).toBeGreaterThanOrEqual(39);
	});

	it('"duplicate" sends copies of the same bytes, whose answers do not count', async () => {
		const simulator = await simulate();
		const receiver = await receive((response) =>
			response.writeHead(receiver.received.length > 1 ? 500 : 200).end(),
		);
		await register(simulator, receiver.url);
		simulator.faults.add({ on: 'delivery', kind: 'duplicate', copies: 3, withinMs: 30 });
		await deliverOne(simulator);
		await simulator.idle();
		expect(receiver.received).toHaveLength(4);
		expect(new Set(receiver.received.map(({ body }) => body.toString('hex'))).size).toBe(1);
		const { attempts, state } = simulator.deliveries()[0] ?? {};
		expect(attempts?.map(({ copy }) => copy).sort()).toEqual([0, 1, 2, 3]);
		expect(attempts?.map(({ number }) => number)).toEqual([1, 1, 1, 1]);
		expect(state).toMatch(/delivered/);
	});

	it('"reorder" lets later events overtake earlier ones', async () => {
		const { simulator, receiver } = await stage({ seed: 1 });
		simulator.faults.add({ on: 'delivery', kind: 'reorder', withinMs: 200, times: 20 });
		const emitted = Array.from({ length: 20 }, () => simulator.emit('session.completed').event.id);
		await simulator.idle();
		const arrived = receiver.events().map(({ id }) => id);
		expect(arrived).not.toEqual(emitted);
		expect(arrived.sort()).toEqual([...emitted].sort());
	});

	it('strikes the type, the webhook and the attempts it is meant for', async () => {
		const { simulator, receiver, webhookId } = await stage();
		const other = await receive();
		await register(simulator, other.url, ['session.completed']);
		simulator.faults.add({
			on: 'delivery',
			kind: 'lost-answer',
			eventType: 'session.completed',
			webhookId,
			upToAttempt: 2,
			times: 99,
		});
		simulator.emit('session.failed');
		simulator.emit('session.completed');
		await simulator.idle();
		expect(receiver.events('session.failed')).toHaveLength(1);
		expect(receiver.events('session.completed')).toHaveLength(3);
		expect(other.received).toHaveLength(1);
	});

	it('adds up with others', async () => {
		const { simulator, receiver } = await stage();
		simulator.faults.add({ on: 'delivery', kind: 'duplicate' });
		simulator.faults.add({ on: 'delivery', kind: 'drop' });
		await deliverOne(simulator);
		await simulator.idle();
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

	/** What happened to each event, in the order of the events. */
	async function run(seed: number) {
		const { simulator, receiver } = await stage({ seed });
		simulator.faults.add({ ...PROBABLE, kind: 'lost-answer' });
		simulator.faults.add({ ...PROBABLE, kind: 'slow-answer', afterMs: 5 });
		simulator.faults.add({ ...PROBABLE, kind: 'duplicate', withinMs: 5 });
		simulator.faults.add({ ...PROBABLE, kind: 'reorder', withinMs: 5 });
		for (let i = 0; i < 100; i++) simulator.emit('session.completed');
		await simulator.idle();
		const story = simulator.deliveries().map(({ eventId, attempts }) => ({
			eventId,
			attempts: attempts.map(({ number, copy, error }) => `${number}.${copy} ${error}`).sort(),
		}));
		return { story, states: simulator.deliveries().map(({ state }) => state), receiver };
	}

	it('is the same with the same seed, and another with another', async () => {
		const [first, second, third] = [await run(42), await run(42), await run(43)];
		expect(second.story).toEqual(first.story);
		expect(third.story).not.toEqual(first.story);
		expect(JSON.stringify(first.story)).toContain('1.1');
		expect(JSON.stringify(first.story)).toContain('slow-answer');
	});

	it('delivers every event all the same', async () => {
		const { states, receiver } = await run(44);
		expect(new Set(states)).toEqual(new Set(['delivered']));
		expect(new Set(receiver.events().map(({ id }) => id)).size).toBe(100);
		expect(receiver.received.length).toBeGreaterThan(125);
	});
});

describe('an answer that a fault would lose', () => {
	it('keeps its own error where there was none', async () => {
		const { simulator } = await stage({ answer: silent, answerTimeoutMs: 20 });
		simulator.faults.add({ on: 'delivery', kind: 'lost-answer' });
		const { attempts } = await deliverOne(simulator);
		expect(attempts[0]?.error).toBe('No answer within 20 ms');
	});

	it('does not turn a failure into a success', async () => {
		const { simulator } = await stage({ answer: answering(500) });
		simulator.faults.add({ on: 'delivery', kind: 'duplicate', times: 9 });
		expect((await deliverOne(simulator)).state).toBe('givenUp');
	});
});
