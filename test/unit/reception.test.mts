import { describe, expect, it } from 'vitest';

import { receive } from '../../nodes/MindPeekerTrigger/reception.ts';
import { sign } from '../../nodes/shared/signature.ts';

const secret = 'secret';
const event = { id: 'evt_1', type: 'session.completed', data: { session_id: 'sess_1' } };
const signed = (value: unknown, key = secret) => {
	const body = Buffer.from(JSON.stringify(value));
	return { body, signature: sign(body, key) };
};
const settings = { events: ['session.completed'], secrets: [secret] };

describe('a delivery', () => {
	it('that is genuine and chosen is accepted with the event as it was sent', () => {
		expect(receive(signed(event), settings)).toEqual({ outcome: 'accepted', event });
	});

	it('of a type not known is accepted where all are chosen', () => {
		const unknown = { ...event, type: 'telepathy.message_received' };
		expect(receive(signed(unknown), { ...settings, events: ['*'] }).outcome).toBe('accepted');
	});

	it('of a type not chosen is ignored', () => {
		const other = { ...event, type: 'session.failed' };
		expect(receive(signed(other), settings)).toMatchObject({ outcome: 'ignored', event: other });
	});

	it('that is signed with another secret is unauthorised', () => {
		expect(receive(signed(event, 'another'), settings).outcome).toBe('unauthorised');
	});

	it('that is no event is malformed', () => {
		expect(receive(signed({ ...event, id: '' }), settings)).toEqual({
			outcome: 'malformed',
			reason: 'no usable id',
		});
	});

	it('is checked for its signature before anything else', () => {
		const forged = { body: Buffer.from('no json'), signature: signed(event).signature };
		expect(receive(forged, settings).outcome).toBe('unauthorised');
	});

	it('is checked for its shape before its type', () => {
		expect(receive(signed({ id: '', type: 'session.failed' }), settings).outcome).toBe('malformed');
	});
});
