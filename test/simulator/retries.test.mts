import { describe, expect, it } from '@jest/globals';

import { ATTEMPTS, DOCUMENTED_DELAYS_MS } from './harness/apiDocs.mts';
import { respondWith } from './harness/receiver.mts';
import { sendApiRequest, createWebhook } from '../support/api.mts';
import { startReceiver, startTestSimulator, startWithWebhook } from './harness/setup.mts';

describe('the retries', () => {
	it('make all attempts on the documented schedule, divided by the time factor', async () => {
		const timeFactor = 5_000;
		const { simulator, receiver } = await startWithWebhook({
			respond: respondWith(500),
			timeFactor,
		});
		const { event } = simulator.emit('session.completed');
		const { attempts } = await simulator.waitForDelivery(event.id);

		expect(attempts).toHaveLength(ATTEMPTS);
		for (const [i, delayMs] of DOCUMENTED_DELAYS_MS.slice(1).entries()) {
			const [before, next] = [attempts[i], attempts[i + 1]];
			const scheduledMs = Date.parse(next?.scheduledAt ?? '') - Date.parse(before?.endedAt ?? '');
			expect(Math.abs(scheduledMs - delayMs / timeFactor)).toBeLessThan(2);
			const receivedAt = receiver.received[i + 1]?.at ?? 0;
			expect(receivedAt).toBeGreaterThanOrEqual(Date.parse(next?.scheduledAt ?? '') - 2);
		}
	});

	it('send the same bytes each time', async () => {
		const { simulator, receiver } = await startWithWebhook({ respond: respondWith(500) });
		simulator.emit('session.completed');
		await simulator.waitUntilIdle();
		const sent = receiver.received.map(({ body, headers }) =>
			[body.toString('hex'), headers['x-mindpeeker-signature']].join(),
		);
		expect(sent).toHaveLength(ATTEMPTS);
		expect(new Set(sent).size).toBe(1);
	});

	it('use real time with a time factor of 1', async () => {
		const { simulator } = await startWithWebhook({ respond: respondWith(500), timeFactor: 1 });
		const first = new Promise((resolve) => simulator.on('attempt', resolve));
		const { event } = simulator.emit('session.completed');
		await first;
		await new Promise(setImmediate);
		const [delivery] = simulator.deliveries({ eventId: event.id });
		const [attempt] = delivery?.attempts ?? [];
		const delayMs = Date.parse(delivery?.nextAttemptAt ?? '') - Date.parse(attempt?.endedAt ?? '');
		expect(delivery?.state).toBe('pending');
		expect(delayMs).toBe(5_000);
	});

	it('succeed when the receiver recovers', async () => {
		const simulator = await startTestSimulator();
		const receiver = await startReceiver((response) =>
			response.writeHead(receiver.received.length < ATTEMPTS ? 503 : 200).end(),
		);
		await createWebhook(simulator, receiver.url);
		const { event } = simulator.emit('session.completed');
		const { state, attempts } = await simulator.waitForDelivery(event.id);
		expect(state).toBe('delivered');
		expect(attempts).toHaveLength(ATTEMPTS);
	});

	it('end when the webhook is paused or deleted', async () => {
		const { simulator, receiver, webhookId } = await startWithWebhook({
			respond: respondWith(500),
		});
		const deleted = await createWebhook(simulator, receiver.url, ['analysis.failed']);
		simulator.on('attempt', (_attempt, delivery) => {
			if (delivery.webhookId === webhookId) simulator.pauseWebhook(webhookId);
			else simulator.deleteWebhook(deleted);
		});
		simulator.emit('analysis.failed');
		await simulator.waitUntilIdle();
		const ended = simulator.deliveries().map(({ state, attempts }) => [state, attempts.length]);
		expect(ended).toEqual([
			['canceled', 1],
			['canceled', 1],
		]);
	});

	it('continue when only the events of the webhook change', async () => {
		const { simulator, webhookId } = await startWithWebhook({
			respond: respondWith(500),
			timeFactor: 20_000,
		});
		const { event } = simulator.emit('session.completed');
		await sendApiRequest(simulator, 'PATCH', `/webhooks/${webhookId}`, {
			events: ['session.failed'],
		});
		expect((await simulator.waitForDelivery(event.id)).attempts).toHaveLength(ATTEMPTS);
	});
});
