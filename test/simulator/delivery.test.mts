import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';

import { EVENT_TYPES } from '../../nodes/shared/events/eventTypes.ts';
import { createWebhook } from '../support/api.mts';
import { isSignatureValid, startReceiver, startWithWebhook } from './harness/setup.mts';

describe('a delivery', () => {
	it('is a POST of JSON to the url of the webhook', async () => {
		const { simulator, receiver } = await startWithWebhook();
		simulator.emit('session.completed');
		await simulator.waitUntilIdle();
		expect(receiver.received).toHaveLength(1);
		expect(receiver.received[0]).toMatchObject({
			method: 'POST',
			path: '/hook',
			headers: { 'content-type': 'application/json' },
		});
	});

	it('is signed', async () => {
		const { simulator, receiver } = await startWithWebhook();
		simulator.emit('session.completed', { data: { target: 'Ärger in 東京 🔭' } });
		await simulator.waitUntilIdle();
		const { body, headers } = receiver.received[0] ?? {};
		expect(body?.toString('utf8')).toContain('Ärger in 東京 🔭');
		expect(isSignatureValid(body ?? Buffer.of(), headers?.['x-mindpeeker-signature'])).toBe(true);
	});

	it('contains a new id, the current time and live mode by default', async () => {
		const { simulator, receiver } = await startWithWebhook();
		const { event } = simulator.emit('session.completed');
		simulator.emit('session.completed');
		await simulator.waitUntilIdle();
		const [first, second] = receiver.events().sort((a) => (a.id === event.id ? -1 : 1));
		expect(first).toEqual(event);
		expect(first).toMatchObject({
			id: expect.stringMatching(/^evt_[0-9a-f]{16}$/),
			livemode: true,
		});
		expect(Math.abs(Date.parse(String(first?.created_at)) - Date.now())).toBeLessThan(5_000);
		expect(second?.id).not.toBe(first?.id);
	});

	it('contains the given id, time, mode and data', async () => {
		const { simulator, receiver } = await startWithWebhook();
		const options = { id: 'evt_mine', livemode: false, createdAt: '2025-01-15T10:30:00Z' };
		simulator.emit('session.failed', { ...options, data: { session_id: 'sess_mine' } });
		await simulator.waitUntilIdle();
		expect(receiver.events()[0]).toMatchObject({
			id: 'evt_mine',
			livemode: false,
			created_at: '2025-01-15T10:30:00Z',
			data: { session_id: 'sess_mine', status: 'failed' },
		});
	});

	it.each(EVENT_TYPES)('of $type contains its sample payload', async ({ type, sample }) => {
		const { simulator, receiver } = await startWithWebhook();
		simulator.emit(type);
		await simulator.waitUntilIdle();
		expect(receiver.events()).toMatchObject([{ type, data: sample }]);
		expect(receiver.events()[0]?.data).toEqual(sample);
	});

	it('is sent to each active webhook with the type, and to no other', async () => {
		const { simulator, receiver } = await startWithWebhook();
		const [matching, other, paused] = [
			await startReceiver(),
			await startReceiver(),
			await startReceiver(),
		];
		await createWebhook(simulator, matching.url, ['session.failed', 'session.completed']);
		await createWebhook(simulator, other.url, ['session.failed']);
		simulator.pauseWebhook(await createWebhook(simulator, paused.url));
		const { deliveryIds } = simulator.emit('session.completed');
		await simulator.waitUntilIdle();
		expect(deliveryIds).toHaveLength(2);
		const counts = [receiver, matching, other, paused].map(({ received }) => received.length);
		expect(counts).toEqual([1, 1, 0, 0]);
	});

	it('of an unknown type is rejected', async () => {
		const { simulator } = await startWithWebhook();
		expect(() => simulator.emit('session.complete')).toThrow(TypeError);
	});

	it('can be one of 1,000 at the same time', async () => {
		const { simulator, receiver } = await startWithWebhook();
		for (let i = 0; i < 1_000; i++) simulator.emit('session.completed');
		await simulator.waitUntilIdle();
		expect(new Set(receiver.events().map(({ id }) => id)).size).toBe(1_000);
		expect(simulator.deliveries({ state: 'delivered' })).toHaveLength(1_000);
	});

	it('is not attempted while the simulator is paused', async () => {
		const { simulator, receiver } = await startWithWebhook();
		const resume = simulator.pause();
		const { event } = simulator.emit('session.completed');
		await sleep(100);
		expect(receiver.received).toEqual([]);
		resume();
		expect((await simulator.waitForDelivery(event.id)).state).toBe('delivered');
	});

	it('is canceled if the simulator is closed while paused', async () => {
		const { simulator } = await startWithWebhook();
		simulator.pause();
		simulator.emit('session.completed');
		await simulator.close();
		expect(simulator.deliveries()).toMatchObject([{ state: 'canceled' }]);
	});
});
