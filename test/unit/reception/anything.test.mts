import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';

import type { Delivery } from '../../../nodes/MindPeekerTrigger/reception/delivery.ts';
import {
	verdictOn,
	type ReceptionSettings,
} from '../../../nodes/MindPeekerTrigger/reception/verdict.ts';
import { sign } from '../../../nodes/shared/signature.ts';

const SECRETS = ['secret', 'previous'];
const OUTCOMES = [
	'accepted',
	'ignored',
	'early',
	'not here',
	'forbidden',
	'unauthorised',
	'malformed',
];
const NOW = Date.parse('2025-01-15T10:30:00Z');
const RUNS = { numRuns: 1_000 };

const settings: fc.Arbitrary<ReceptionSettings> = fc.record({
	acknowledge: fc.constantFrom('received', 'finished'),
	allowedIps: fc.option(
		fc.oneof(fc.constantFrom('127.0.0.1', '', '::/0, 0.0.0.0/0'), fc.string()),
		{
			nil: undefined,
		},
	),
	events: fc.array(fc.constantFrom('*', 'session.completed', '')),
	livemode: fc.constantFrom('all', 'live', 'test'),
	maxEventAge: fc.constantFrom(0, 5, NaN, -1),
	minimumConfidence: fc.constantFrom(0, 0.5, 1, NaN),
});
/** JSON near the shape of an event, and far from it. */
const json = fc.oneof(
	fc.record(
		{
			id: fc.oneof(fc.string(), fc.jsonValue()),
			type: fc.oneof(fc.constant('session.completed'), fc.jsonValue()),
			created_at: fc.oneof(fc.constant('2025-01-15T10:30:00Z'), fc.jsonValue()),
			livemode: fc.oneof(fc.boolean(), fc.jsonValue()),
			data: fc.oneof(fc.record({ confidence: fc.jsonValue() }), fc.jsonValue()),
		},
		{ requiredKeys: [] },
	),
	fc.jsonValue(),
);
const bytes = fc.oneof(
	json.map((value) => Buffer.from(JSON.stringify(value))),
	fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)),
);
const address = fc.option(fc.oneof(fc.constant('127.0.0.1'), fc.ipV6(), fc.string()), {
	nil: undefined,
});
const webhookName = fc.constantFrom('default', 'setup', 'other');
const hostile: fc.Arbitrary<Delivery> = fc.record({
	webhookName,
	address,
	body: fc.oneof(bytes, fc.anything()),
	signature: fc.oneof(
		fc.anything(),
		fc.string(),
		fc.stringMatching(/^sha256=[0-9a-f]{64}$/),
		fc.stringMatching(/^sha(256|1)=.{60,70}$/),
	),
});
const event = fc.record({
	id: fc.string({ minLength: 1 }),
	type: fc.string({ minLength: 1 }),
	data: fc.dictionary(fc.string(), fc.jsonValue()),
});
const eventBytes = event.map((value) => Buffer.from(JSON.stringify(value)));
const genuine: fc.Arbitrary<Delivery> = fc
	.record({
		webhookName,
		address,
		body: fc.oneof(bytes, eventBytes),
		key: fc.constantFrom(...SECRETS),
	})
	.map(({ key, ...delivery }) => ({ ...delivery, signature: sign(delivery.body, key) }));

describe('whatever is sent', () => {
	it('nothing is thrown, the outcome is one of the table, and nothing unsigned gets in', () => {
		fc.assert(
			fc.property(hostile, settings, (delivery, wanted) => {
				const { outcome } = verdictOn(delivery, wanted, SECRETS, NOW);
				expect(['not here', 'forbidden', 'unauthorised']).toContain(outcome);
			}),
			RUNS,
		);
	});

	it('under a good signature nothing is thrown, and what gets in is an event of a chosen type', () => {
		let accepted = 0;
		fc.assert(
			fc.property(genuine, fc.oneof(settings, fc.constant(anyEvent)), (delivery, wanted) => {
				const verdict = verdictOn(delivery, wanted, SECRETS, NOW);
				expect(OUTCOMES).toContain(verdict.outcome);
				expect(verdict.outcome).not.toBe('unauthorised');
				if (verdict.outcome !== 'accepted') return;
				accepted++;
				expect(verdict.event).toEqual(JSON.parse((delivery.body as Buffer).toString()));
				expect(String(verdict.event.id)).toMatch(/^[^]{1,256}$/);
				expect(wanted.events.includes('*') || wanted.events.includes(verdict.event.type)).toBe(
					true,
				);
			}),
			RUNS,
		);
		expect(accepted).toBeGreaterThan(RUNS.numRuns / 100);
	});

	it('one bit less or other in body or signature keeps it out', () => {
		const whole = { ...defaults(), body: Buffer.from('{"id":"evt_1","type":"session.completed"}') };
		const signature = sign(whole.body, 'secret');
		const bits = whole.body.length * 8;
		fc.assert(
			fc.property(fc.nat(bits - 1), fc.nat(63), fc.nat(15), (bit, place, digit) => {
				const body = Buffer.from(whole.body);
				body[bit >> 3]! ^= 1 << (bit & 7);
				const at = 'sha256='.length + place;
				const other = signature.slice(0, at) + digit.toString(16) + signature.slice(at + 1);
				const outcome = (delivery: object) =>
					verdictOn({ ...whole, signature, ...delivery }, anyEvent, ['secret'], NOW).outcome;
				expect(outcome({})).toBe('accepted');
				expect(outcome({ body })).toBe('unauthorised');
				expect(outcome({ signature: other })).toBe(
					other === signature ? 'accepted' : 'unauthorised',
				);
			}),
			RUNS,
		);
	});
});

const anyEvent: ReceptionSettings = {
	acknowledge: 'received',
	events: ['*'],
	livemode: 'all',
	maxEventAge: 0,
	minimumConfidence: 0,
};

function defaults() {
	return { webhookName: 'default', address: '127.0.0.1' };
}
