import { describe, expect, it } from '@jest/globals';

import { answering } from './harness/receiver.mts';
import { callApi, register } from '../support/api.mts';
import { receive, simulate, stage } from './harness/world.mts';

describe('the retries', () => {
	it('make seven attempts on the documented schedule, shortened by the time factor', async () => {
		const timeFactor = 5_000;
		const { simulator, receiver } = await stage({ answer: answering(500), timeFactor });
		const { event } = simulator.emit('session.completed');
		const { attempts } = await simulator.waitForDelivery(event.id);

		const documentedSeconds = [5, 30, 120, 600, 1_800, 3_600];
		expect(attempts).toHaveLength(documentedSeconds.length + 1);
		for (const [i, seconds] of documentedSeconds.entries()) {
			const [before, next] = [attempts[i], attempts[i + 1]];
			const plannedMs = Date.parse(next?.scheduledAt ?? '') - Date.parse(before?.endedAt ?? '');
			expect(Math.abs(plannedMs - (seconds * 1_000) / timeFactor)).toBeLessThan(2);
			const arrivedAt = receiver.received[i + 1]?.at ?? 0;
			expect(arrivedAt).toBeGreaterThanOrEqual(Date.parse(next?.scheduledAt ?? '') - 2);
		}
	});

	it('send the same bytes each time', async () => {
		const { simulator, receiver } = await stage({ answer: answering(500) });
		simulator.emit('session.completed');
		await simulator.idle();
		const sent = receiver.received.map(({ body, headers }) =>
			[body.toString('hex'), headers['x-mindpeeker-signature']].join(),
		);
		expect(sent).toHaveLength(7);
		expect(new Set(sent).size).toBe(1);
	});

	it('wait in real time where the time factor is 1', async () => {
		const { simulator } = await stage({ answer: answering(500), timeFactor: 1 });
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

	it('reach a receiver that comes back', async () => {
		const simulator = await simulate();
		const receiver = await receive((response) =>
			response.writeHead(receiver.received.length < 7 ? 503 : 200).end(),
		);
		await register(simulator, receiver.url);
		const { event } = simulator.emit('session.completed');
		const { state, attempts } = await simulator.waitForDelivery(event.id);
		expect(state).toBe('delivered');
		expect(attempts).toHaveLength(7);
	});

	it('end where the webhook was paused or removed meanwhile', async () => {
		const { simulator, receiver, webhookId } = await stage({ answer: answering(500) });
		const removed = await register(simulator, receiver.url, ['analysis.failed']);
		simulator.on('attempt', (_attempt, delivery) => {
			if (delivery.webhookId === webhookId) simulator.pauseWebhook(webhookId);
			else simulator.removeWebhook(removed);
		});
		simulator.emit('analysis.failed');
		await simulator.idle();
		const ended = simulator.deliveries().map(({ state, attempts }) => [state, attempts.length]);
		expect(ended).toEqual([
			['cancelled', 1],
			['cancelled', 1],
		]);
	});

	it('go on where the API changed nothing but the events', async () => {
		const { simulator, webhookId } = await stage({ answer: answering(500), timeFactor: 20_000 });
		const { event } = simulator.emit('session.completed');
		await callApi(simulator, 'PATCH', `/webhooks/${webhookId}`, { events: ['session.failed'] });
		expect((await simulator.waitForDelivery(event.id)).attempts).toHaveLength(7);
	});
});
