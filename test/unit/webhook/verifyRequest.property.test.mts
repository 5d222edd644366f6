import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';

import {
	evaluateRequest,
	type Delivery,
	type VerificationSettings,
} from '../../../nodes/MindPeekerTrigger/webhook/verifyRequest.ts';
import { sign } from '../../../nodes/shared/signature.ts';

const SECRETS = ['secret', 'previous'];
const OUTCOMES = [
	'valid',
	'ignored',
	'future timestamp',
	'wrong path',
	'forbidden',
	'invalid signature',
	'malformed',
];
const NOW = Date.parse('2025-01-15T10:30:00Z');
const ANY_EVENT: VerificationSettings = {
	acknowledge: 'received',
	allowedIps: undefined,
	events: ['*'],
	livemode: 'all',
	maxEventAge: 0,
	minimumConfidence: 0,
};
const RUNS = { numRuns: 1_000 };

const settings: fc.Arbitrary<VerificationSettings> = fc.record({
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
/** Events, similar objects and any other JSON. */
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
const anyDelivery: fc.Arbitrary<Delivery> = fc.record({
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
const signedDelivery: fc.Arbitrary<Delivery> = fc
	.record({
		webhookName,
		address,
		body: fc.oneof(bytes, eventBytes),
		key: fc.constantFrom(...SECRETS),
	})
	.map(({ key, ...delivery }) => ({ ...delivery, signature: sign(delivery.body, key) }));

describe('for random input', () => {
	it('evaluateRequest never throws and rejects every unsigned delivery', () => {
		fc.assert(
			fc.property(anyDelivery, settings, (delivery, settings) => {
				const { outcome } = evaluateRequest(delivery, settings, SECRETS, NOW);
				expect(['wrong path', 'forbidden', 'invalid signature']).toContain(outcome);
			}),
			RUNS,
		);
	});

	it('evaluateRequest never throws and accepts only signed events of a selected type', () => {
		let valid = 0;
		fc.assert(
			fc.property(
				signedDelivery,
				fc.oneof(settings, fc.constant(ANY_EVENT)),
				(delivery, settings) => {
					const result = evaluateRequest(delivery, settings, SECRETS, NOW);
					expect(OUTCOMES).toContain(result.outcome);
					expect(result.outcome).not.toBe('invalid signature');
					if (result.outcome !== 'valid') return;
					valid++;
					expect(result.event).toEqual(JSON.parse((delivery.body as Buffer).toString()));
					expect(String(result.event.id)).toMatch(/^[^]{1,256}$/);
					const { events } = settings;
					expect(events.includes('*') || events.includes(result.event.type)).toBe(true);
				},
			),
			RUNS,
		);
		expect(valid).toBeGreaterThan(RUNS.numRuns / 100);
	});

	it('one changed bit of the body or digit of the signature is rejected', () => {
		const body = Buffer.from('{"id":"evt_1","type":"session.completed"}');
		const signature = sign(body, 'secret');
		const delivery = { webhookName: 'default', address: '127.0.0.1', body, signature };
		const evaluate = (change: object) =>
			evaluateRequest({ ...delivery, ...change }, ANY_EVENT, ['secret'], NOW).outcome;
		fc.assert(
			fc.property(fc.nat(body.length * 8 - 1), fc.nat(63), fc.nat(15), (bit, position, digit) => {
				const changedBody = Buffer.from(body);
				changedBody[bit >> 3]! ^= 1 << (bit & 7);
				const index = 'sha256='.length + position;
				const changed = signature.slice(0, index) + digit.toString(16) + signature.slice(index + 1);
				expect(evaluate({})).toBe('valid');
				expect(evaluate({ body: changedBody })).toBe('invalid signature');
				expect(evaluate({ signature: changed })).toBe(
					changed === signature ? 'valid' : 'invalid signature',
				);
			}),
			RUNS,
		);
	});
});
