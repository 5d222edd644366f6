import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { afterThisTest } from '../support/jest.mts';

import { settingsFrom } from '../../simulator/options.mts';
import { cutting, answering, silent } from './harness/receiver.mts';
import { register } from '../support/api.mts';
import { receive, simulate, stage } from './harness/world.mts';

describe('an answer', () => {
	it.each([200, 201, 204, 299])('of %i means delivered', async (status) => {
		const { simulator } = await stage({ answer: answering(status) });
		const { event } = simulator.emit('session.completed');
		const { state, attempts } = await simulator.waitForDelivery(event.id);
		expect(state).toBe('delivered');
		expect(attempts).toMatchObject([{ number: 1, status, error: null }]);
	});

	it.each([300, 304, 400, 401, 404, 410, 429, 500, 503])('of %i is retried', async (status) => {
		let answers = 0;
		const { simulator, receiver } = await stage({
			answer: (response) => response.writeHead(answers++ === 0 ? status : 200).end(),
		});
		const { event } = simulator.emit('session.completed');
		const { state, attempts } = await simulator.waitForDelivery(event.id);
		expect(state).toBe('delivered');
		expect(attempts.map((attempt) => attempt.status)).toEqual([status, 200]);
		expect(receiver.received).toHaveLength(2);
	});

	it('that redirects is not followed', async () => {
		const elsewhere = await receive();
		const { simulator } = await stage({
			answer: (response) => response.writeHead(307, { Location: elsewhere.url }).end(),
		});
		const { event } = simulator.emit('session.completed');
		const { state } = await simulator.waitForDelivery(event.id);
		expect(state).toBe('givenUp');
		expect(elsewhere.received).toHaveLength(0);
	});

	it('that is cut off is retried', async () => {
		const { simulator } = await stage({ answer: cutting });
		const { event } = simulator.emit('session.completed');
		const { attempts } = await simulator.waitForDelivery(event.id);
		expect(attempts[0]).toMatchObject({
			status: null,
			error: expect.stringMatching(/hang up|reset/i),
		});
		expect(attempts).toHaveLength(7);
	});

	it('has five seconds where nothing else is said', () => {
		expect(settingsFrom({}).answerTimeoutMs).toBe(5_000);
	});

	it('that stays away for longer than the limit is retried', async () => {
		const { simulator } = await stage({ answer: silent, answerTimeoutMs: 30 });
		const { event } = simulator.emit('session.completed');
		const { attempts } = await simulator.waitForDelivery(event.id);
		expect(attempts).toHaveLength(7);
		expect(attempts[0]).toMatchObject({ status: null, error: 'No answer within 30 ms' });
		expect(attempts[0]?.durationMs).toBeGreaterThanOrEqual(29);
	});

	it('cannot come where the connection takes longer than the limit', async () => {
		// Speaks no TLS, so that the connection is never ready.
		const mute = createServer(() => {}).listen(0, '127.0.0.1');
		await once(mute, 'listening');
		afterThisTest(() => void mute.close());
		const simulator = await simulate({ answerTimeoutMs: 30 });
		await register(simulator, `https://127.0.0.1:${(mute.address() as AddressInfo).port}/`);
		const { event } = simulator.emit('session.completed');
		const { attempts } = await simulator.waitForDelivery(event.id);
		expect(attempts[0]).toMatchObject({ status: null, error: 'No answer within 30 ms' });
	});

	it('whose body stays away for longer than the limit has not come', async () => {
		const { simulator, webhookId } = await stage({
			answer: (response) => response.writeHead(200).write('half of it'),
			answerTimeoutMs: 2_000,
		});
		simulator.emitRaw({ webhookId, body: '{"id":"evt_1"}', retry: false });
		const { state, attempts } = await simulator.waitForDelivery('evt_1');
		expect(state).toBe('givenUp');
		expect(attempts).toMatchObject([{ status: 200, error: 'No answer within 2000 ms' }]);
	});

	it('is in the log with the beginning of its body', async () => {
		const { simulator } = await stage({ answer: (response) => response.end('x'.repeat(5_000)) });
		const { event } = simulator.emit('session.completed');
		const { attempts } = await simulator.waitForDelivery(event.id);
		expect(attempts[0]?.responseBody).toBe('x'.repeat(1_000));
	});
});
