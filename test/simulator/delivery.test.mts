import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';

import { EVENT_TYPES } from '../../nodes/shared/events/index.ts';
import { register } from '../support/api.mts';
import { isGenuine, receive, stage } from './harness/world.mts';

describe('a delivery', () => {
	it('is a POST of JSON to the url of the webhook', async () => {
		const { simulator, receiver } = await stage();
		simulator.emit('session.completed');
		await simulator.idle();
		expect(receiver.received).toHaveLength(1);
		expect(receiver.received[0]).toMatchObject({
			method: 'POST',
			path: '/hook',
			headers: { 'content-type': 'application/json' },
		});
	});

	it('is signed over the bytes that arrive', async () => {
		const { simulator, receiver } = await stage();
		simulator.emit('session.completed', { data: { target: 'Ärger in 東京 🔭' } });
		await simulator.idle();
		const { body, headers } = receiver.received[0] ?? {};
		expect(body?.toString('utf8')).toContain('Ärger in 東京 🔭');
		expect(isGenuine(body ?? Buffer.of(), headers?.['x-mindpeeker-signature'])).toBe(true);
	});

	it('carries an event with a fresh id and the present time, in live mode', async () => {
		const { simulator, receiver } = await stage();
		const { event } = simulator.emit('session.completed');
		simulator.emit('session.completed');
		await simulator.idle();
		const [first, second] = receiver.events().sort((a) => (a.id === event.id ? -1 : 1));
		expect(first).toEqual(event);
		expect(first).toMatchObject({
			id: expect.stringMatching(/^evt_[0-9a-f]{16}$/),
			livemode: true,
		});
		expect(Math.abs(Date.parse(String(first?.created_at)) - Date.now())).toBeLessThan(5_000);
		expect(second?.id).not.toBe(first?.id);
	});

	it('carries what the caller sets', async () => {
		const { simulator, receiver } = await stage();
		const options = { id: 'evt_mine', livemode: false, createdAt: '2025-01-15T10:30:00Z' };
		simulator.emit('session.failed', { ...options, data: { session_id: 'sess_mine' } });
		await simulator.idle();
		expect(receiver.events()[0]).toMatchObject({
			id: 'evt_mine',
			livemode: false,
			created_at: '2025-01-15T10:30:00Z',
			data: { session_id: 'sess_mine', status: 'failed' },
		});
	});

	it.each(EVENT_TYPES)('of $type carries its sample payload', async ({ type, sample }) => {
		const { simulator, receiver } = await stage();
		simulator.emit(type);
		await simulator.idle();
		expect(receiver.events()).toMatchObject([{ type, data: sample }]);
		expect(receiver.events()[0]?.data).toEqual(sample);
	});

	it('goes to every active webhook that chose the type, and to no other', async () => {
		const { simulator, receiver } = await stage();
		const [choosing, other, paused] = [await receive(), await receive(), await receive()];
		await register(simulator, choosing.url, ['session.failed', 'session.completed']);
		await register(simulator, other.url, ['session.failed']);
		simulator.pauseWebhook(await register(simulator, paused.url));
		const { deliveryIds } = simulator.emit('session.completed');
		await simulator.idle();
		expect(deliveryIds).toHaveLength(2);
		const counts = [receiver, choosing, other, paused].map(({ received }) => received.length);
		expect(counts).toEqual([1, 1, 0, 0]);
	});

	it('of an unknown type is refused', async () => {
		const { simulator } = await stage();
		expect(() => simulator.emit('session.complete')).toThrow(TypeError);
	});

	it('is one of many at the same time', async () => {
		const { simulator, receiver } = await stage();
		for (let i = 0; i < 1_000; i++) simulator.emit('session.completed');
		await simulator.idle();
		expect(new Set(receiver.events().map(({ id }) => id)).size).toBe(1_000);
		expect(simulator.deliveries({ state: 'delivered' })).toHaveLength(1_000);
	});

	it('begins no attempt while the service is paused', async () => {
		const { simulator, receiver } = await stage();
		const resume = simulator.pause();
		const { event } = simulator.emit('session.completed');
		await sleep(100);
		expect(receiver.received).toEqual([]);
		resume();
		expect((await simulator.waitForDelivery(event.id)).state).toBe('delivered');
	});

	it('can be stopped while it is paused', async () => {
		const { simulator } = await stage();
		simulator.pause();
		simulator.emit('session.completed');
		await simulator.close();
		expect(simulator.deliveries()).toMatchObject([{ state: 'cancelled' }]);
	});
});
