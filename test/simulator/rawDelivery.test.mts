import { describe, expect, it } from '@jest/globals';

import { respondWith } from './harness/receiver.mts';
import { isSignatureValid, startWithWebhook } from './harness/setup.mts';

describe('a raw delivery', () => {
	it('is sent byte for byte and signed', async () => {
		const { simulator, receiver, webhookId } = await startWithWebhook();
		const body = Buffer.from([0x00, 0xff, 0x0d, 0x0a, 0x7b]);
		simulator.emitRaw({ webhookId, body });
		await simulator.waitUntilIdle();
		const { body: receivedBody, headers } = receiver.received[0] ?? {};
		expect(receivedBody).toEqual(body);
		expect(isSignatureValid(body, headers?.['x-mindpeeker-signature'])).toBe(true);
	});

	it('can have an invalid signature, or none', async () => {
		const { simulator, receiver, webhookId } = await startWithWebhook();
		const forged = { 'x-mindpeeker-signature': 'sha256=forged', 'X-Odd': 'yes' };
		simulator.emitRaw({ webhookId, body: '{}', headers: forged });
		await simulator.waitUntilIdle();
		simulator.emitRaw({ webhookId, body: '{}', headers: { 'X-MindPeeker-Signature': null } });
		await simulator.waitUntilIdle();
		const [first, second] = receiver.received.map(({ headers }) => headers);
		expect(first).toMatchObject({ 'x-mindpeeker-signature': 'sha256=forged', 'x-odd': 'yes' });
		expect(second).not.toHaveProperty('x-mindpeeker-signature');
	});

	it('without retry has one attempt and does not affect the webhook', async () => {
		const { simulator, receiver, webhookId } = await startWithWebhook({
			respond: respondWith(401),
		});
		simulator.emitRaw({ webhookId, body: '{"id":"evt_1","type":"odd"}', retry: false });
		const delivery = await simulator.waitForDelivery('evt_1');
		expect(delivery).toMatchObject({ state: 'failed', eventType: 'odd' });
		expect(receiver.received).toHaveLength(1);
		expect(simulator.webhooks()[0]?.active).toBe(true);
	});

	it('to an unknown webhook, or with an invalid header, is rejected', async () => {
		const { simulator, webhookId } = await startWithWebhook();
		expect(() => simulator.emitRaw({ webhookId: 'wh_none', body: '' })).toThrow(RangeError);
		const headers = { 'X-Odd': 'two\r\nlines' };
		expect(() => simulator.emitRaw({ webhookId, body: '', headers })).toThrow(
			'Invalid character in header content',
		);
	});
});
