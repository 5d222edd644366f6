import { describe, expect, it } from '@jest/globals';

import {
	verdictOn,
	type ReceptionSettings,
} from '../../../nodes/MindPeekerTrigger/reception/verdict.ts';
import { sign } from '../../../nodes/shared/signature.ts';

const MINUTE_MS = 60_000;
const now = Date.parse('2025-01-15T10:30:00Z');
const secret = 'secret';
const event = {
	id: 'evt_1',
	type: 'session.completed',
	created_at: '2025-01-15T10:30:00Z',
	data: { session_id: 'sess_1', confidence_score: 0.87 },
	livemode: true,
};
const defaults: ReceptionSettings = {
	acknowledge: 'received',
	events: ['session.completed'],
	livemode: 'all',
	maxEventAge: 0,
	minimumConfidence: 0,
};
const signed = (value: unknown, key = secret) => {
	const body = Buffer.from(JSON.stringify(value));
	return { webhookName: 'default', body, signature: sign(body, key), address: '52.52.52.52' };
};
/** The verdict on a genuine delivery of the event with these changes. */
const verdict = (change: object, settings: Partial<ReceptionSettings> = {}) =>
	verdictOn(signed({ ...event, ...change }), { ...defaults, ...settings }, [secret], now);
const outcome = (change: object, settings: Partial<ReceptionSettings> = {}) =>
	verdict(change, settings).outcome;
const minutesAgo = (minutes: number) => ({
	created_at: new Date(now - minutes * MINUTE_MS).toISOString(),
});

describe('a delivery', () => {
	it('that is genuine and chosen is accepted with the event as it was sent', () => {
		expect(verdict({})).toEqual({ outcome: 'accepted', event });
	});

	it('of a type not known is accepted where all are chosen', () => {
		expect(outcome({ type: 'telepathy.message_received' }, { events: ['*'] })).toBe('accepted');
	});

	it('of a type not chosen is ignored', () => {
		expect(verdict({ type: 'session.failed' })).toMatchObject({
			outcome: 'ignored',
			reason: 'type not chosen',
		});
	});

	it('that is signed with another secret is unauthorised', () => {
		expect(verdictOn(signed(event, 'another'), defaults, [secret], now).outcome).toBe(
			'unauthorised',
		);
	});

	it('that is no event is malformed', () => {
		expect(verdict({ id: '' })).toEqual({ outcome: 'malformed', reason: 'no usable id' });
	});
});

describe('the checks', () => {
	it.each([
		['received', 'setup'],
		['finished', 'default'],
	] as const)('begin with the path: with "%s" none comes by "%s"', (acknowledge, webhookName) => {
		const strayed = { ...signed(event, 'another'), webhookName, address: '1.2.3.4' };
		const settings = { ...defaults, acknowledge, allowedIps: '52.52.52.52' };
		expect(verdictOn(strayed, settings, [secret], now)).toEqual({ outcome: 'not here' });
	});

	it('go on with the address', () => {
		const forged = { ...signed(event, 'another'), address: '1.2.3.4' };
		const settings = { ...defaults, allowedIps: '52.52.52.52' };
		expect(verdictOn(forged, settings, [secret], now)).toEqual({ outcome: 'forbidden' });
	});

	it('go on with the signature', () => {
		const forged = { ...signed(event), body: Buffer.from('no json') };
		expect(verdictOn(forged, defaults, [secret], now).outcome).toBe('unauthorised');
	});

	it('then with the shape', () => {
		expect(outcome({ id: '', type: 'session.failed' })).toBe('malformed');
	});

	it('then with the type', () => {
		const settings = { maxEventAge: 10 };
		expect(verdict({ type: 'session.failed', ...minutesAgo(11) }, settings)).toMatchObject({
			reason: 'type not chosen',
		});
	});

	it('then with the age', () => {
		const settings = { maxEventAge: 10, livemode: 'test' as const };
		expect(verdict(minutesAgo(11), settings)).toMatchObject({ reason: 'too old' });
	});
});

describe('the maximum age of an event', () => {
	it.each([
		['as old as allowed', minutesAgo(10), 'accepted'],
		['older', minutesAgo(10.01), 'ignored'],
		['five minutes ahead of our clock', minutesAgo(-5), 'accepted'],
		['further ahead, which a retry may mend', minutesAgo(-5.01), 'early'],
		['as far ahead as the last retry is away', minutesAgo(-107), 'early'],
		[
			'further ahead than any retry, for which it must not be refused',
			minutesAgo(-107.6),
			'ignored',
		],
		['without a zone, which is UTC', { created_at: '2025-01-15T10:21:00' }, 'accepted'],
		['without a zone, and older', { created_at: '2025-01-15 10:19:59' }, 'ignored'],
		['in seconds since 1970', { created_at: (now - 9 * MINUTE_MS) / 1000 }, 'accepted'],
		['in seconds since 1970, and older', { created_at: (now - 11 * MINUTE_MS) / 1000 }, 'ignored'],
		['in milliseconds since 1970', { created_at: now - 9 * MINUTE_MS }, 'accepted'],
		['in milliseconds since 1970, and older', { created_at: now - 11 * MINUTE_MS }, 'ignored'],
		['of no time', { created_at: undefined }, 'accepted'],
		['of a time that cannot be read', { created_at: 'yesterday' }, 'accepted'],
		['of a time that is no text', { created_at: 0 }, 'accepted'],
	])('of 10 minutes: an event %s', (_, change, expected) => {
		expect(outcome(change, { maxEventAge: 10 })).toBe(expected);
	});

	it('of 0 lets every age pass', () => {
		expect(outcome(minutesAgo(1e6))).toBe('accepted');
		expect(outcome(minutesAgo(-1e6))).toBe('accepted');
	});
});

describe('the live mode', () => {
	it.each([
		['all', true, 'accepted'],
		['all', false, 'accepted'],
		['live', true, 'accepted'],
		['live', false, 'ignored'],
		['test', true, 'ignored'],
		['test', false, 'accepted'],
		['live', undefined, 'accepted'],
		['test', undefined, 'accepted'],
	] as const)('%s: livemode %s is %s', (livemode, mode, expected) => {
		expect(outcome({ livemode: mode }, { livemode })).toBe(expected);
	});
});

describe('the minimum confidence of 0.8', () => {
	it.each([
		[{ confidence_score: 0.8 }, 'accepted'],
		[{ confidence_score: 0.79 }, 'ignored'],
		[{ confidence: 0.8 }, 'accepted'],
		[{ confidence: 0.79 }, 'ignored'],
		[{ confidence_score: 0.9, confidence: 0.1 }, 'accepted'],
		[{ confidence_score: 0 }, 'ignored'],
		[{ confidence_score: '0.1' }, 'accepted'],
		[{}, 'accepted'],
		[undefined, 'accepted'],
	])('with data %j: %s', (data, expected) => {
		expect(outcome({ data }, { minimumConfidence: 0.8 })).toBe(expected);
	});
});
