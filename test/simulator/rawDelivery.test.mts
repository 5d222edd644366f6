import { describe, expect, it } from '@jest/globals';

import { answering } from './harness/receiver.mts';
import { isGenuine, stage } from './harness/world.mts';

describe('a raw delivery', () => {
	it('is sent byte for byte, and signed', async () => {
		const { simulator, receiver, webhookId } = await stage();
		const body = Buffer.from([0x00, 0xff, 0x0d, 0x0a, 0x7b]);
		simulator.emitRaw({ webhookId, body });
		await simulator.idle();
		const { body: arrived, headers } = receiver.received[0] ?? {};
		expect(arrived).toEqual(body);
		expect(isGenuine(body, headers?.['x-mindpeeker-signature'])).toBe(true);
	});

	it('can be forged, or go without a signature', async () => {
		const { simulator, receiver, webhookId } = await stage();
		const forged = { 'x-mindpeeker-signature': 'sha256=forged', 'X-Odd': 'yes' };
		simulator.emitRaw({ webhookId, body: '{}', headers: forged });
		await simulator.idle();
		simulator.emitRaw({ webhookId, body: '{}', headers: { 'X-MindPeeker-Signature': null } });
		await simulator.idle();
		const [first, second] = receiver.received.map(({ headers }) => headers);
		expect(first).toMatchObject({ 'x-mindpeeker-signature': 'sha256=forged', 'x-odd': 'yes' });
		expect(second).not.toHaveProperty('x-mindpeeker-signature');
	});

	it('without retry is a single shot that leaves the webhook as it is', async () => {
		const { simulator, receiver, webhookId } = await stage({ answer: answering(401) });
		simulator.emitRaw({ webhookId, body: '{"id":"evt_1","type":"odd"}', retry: false });
		const delivery = await simulator.waitForDelivery('evt_1');
		expect(delivery).toMatchObject({ state: 'givenUp', eventType: 'odd' });
		expect(receiver.received).toHaveLength(1);
		expect(simulator.webhooks()[0]?.active).toBe(true);
	});

	it('to an unknown webhook, or with a header that HTTP forbids, is refused', async () => {
		const { simulator, webhookId } = await stage();
		expect(() => simulator.emitRaw({ webhookId: 'wh_none', body: '' })).toThrow(RangeError);
		const headers = { 'X-Odd': 'two\r\nlines' };
		expect(() => simulator.emitRaw({ webhookId, body: '', headers })).toThrow(
			'Invalid character in header content',
		);
	});
});
