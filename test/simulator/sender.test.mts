import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { afterThisTest } from '../support/jest.mts';

import { resolveOptions } from '../../simulator/options.mts';
import { ATTEMPTS } from './harness/apiDocs.mts';
import { closeConnection, respondWith, neverRespond } from './harness/receiver.mts';
import { createWebhook } from '../support/api.mts';
import { startReceiver, startTestSimulator, startWithWebhook } from './harness/setup.mts';

describe('a response', () => {
	it.each([200, 201, 204, 299])('with status %i completes the delivery', async (status) => {
		const { simulator } = await startWithWebhook({ respond: respondWith(status) });
		const { event } = simulator.emit('session.completed');
		const { state, attempts } = await simulator.waitForDelivery(event.id);
		expect(state).toBe('delivered');
		expect(attempts).toMatchObject([{ number: 1, status, error: null }]);
	});

	it.each([300, 304, 400, 401, 404, 410, 429, 500, 503])(
		'with status %i causes a retry',
		async (status) => {
			let responses = 0;
			const { simulator, receiver } = await startWithWebhook({
				respond: (response) => response.writeHead(responses++ === 0 ? status : 200).end(),
			});
			const { event } = simulator.emit('session.completed');
			const { state, attempts } = await simulator.waitForDelivery(event.id);
			expect(state).toBe('delivered');
			expect(attempts.map((attempt) => attempt.status)).toEqual([status, 200]);
			expect(receiver.received).toHaveLength(2);
		},
	);

	it('with a redirect is not followed', async () => {
		const target = await startReceiver();
		const { simulator } = await startWithWebhook({
			respond: (response) => response.writeHead(307, { Location: target.url }).end(),
		});
		const { event } = simulator.emit('session.completed');
		const { state } = await simulator.waitForDelivery(event.id);
		expect(state).toBe('failed');
		expect(target.received).toHaveLength(0);
	});

	it('that is cut off causes a retry', async () => {
		const { simulator } = await startWithWebhook({ respond: closeConnection });
		const { event } = simulator.emit('session.completed');
		const { attempts } = await simulator.waitForDelivery(event.id);
		expect(attempts[0]).toMatchObject({
			status: null,
			error: expect.stringMatching(/hang up|reset/i),
		});
		expect(attempts).toHaveLength(ATTEMPTS);
	});

	it('has a default timeout of five seconds', () => {
		expect(resolveOptions({}).responseTimeoutMs).toBe(5_000);
	});

	it('after the timeout causes a retry', async () => {
		const { simulator } = await startWithWebhook({ respond: neverRespond, responseTimeoutMs: 30 });
		const { event } = simulator.emit('session.completed');
		const { attempts } = await simulator.waitForDelivery(event.id);
		expect(attempts).toHaveLength(ATTEMPTS);
		expect(attempts[0]).toMatchObject({ status: null, error: 'No response within 30 ms' });
		expect(attempts[0]?.durationMs).toBeGreaterThanOrEqual(29);
	});

	it('times out if the connection takes too long', async () => {
		// Without TLS, so that the connection is never established.
		const tcpServer = createServer(() => {}).listen(0, '127.0.0.1');
		await once(tcpServer, 'listening');
		afterThisTest(() => void tcpServer.close());
		const simulator = await startTestSimulator({ responseTimeoutMs: 30 });
		await createWebhook(
			simulator,
			`https://127.0.0.1:${(tcpServer.address() as AddressInfo).port}/`,
		);
		const { event } = simulator.emit('session.completed');
		const { attempts } = await simulator.waitForDelivery(event.id);
		expect(attempts[0]).toMatchObject({ status: null, error: 'No response within 30 ms' });
	});

	it('times out if its body takes too long', async () => {
		const { simulator, webhookId } = await startWithWebhook({
			respond: (response) => response.writeHead(200).write('partial'),
			responseTimeoutMs: 2_000,
		});
		simulator.emitRaw({ webhookId, body: '{"id":"evt_1"}', retry: false });
		const { state, attempts } = await simulator.waitForDelivery('evt_1');
		expect(state).toBe('failed');
		expect(attempts).toMatchObject([{ status: 200, error: 'No response within 2000 ms' }]);
	});

	it('is logged with the beginning of its body', async () => {
		const { simulator } = await startWithWebhook({
			respond: (response) => response.end('x'.repeat(5_000)),
		});
		const { event } = simulator.emit('session.completed');
		const { attempts } = await simulator.waitForDelivery(event.id);
		expect(attempts[0]?.responseBody).toBe('x'.repeat(1_000));
	});
});
