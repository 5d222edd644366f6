import type { IWebhookFunctions } from 'n8n-workflow';
import { describe, expect, it } from '@jest/globals';

import {
	evaluateRequest,
	verifyRequest,
	type VerificationSettings,
} from '../../../nodes/MindPeekerTrigger/webhook/verifyRequest.ts';
import { sign as signBody } from '../../../nodes/shared/signature.ts';

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
const DEFAULTS: VerificationSettings = {
	acknowledge: 'received',
	allowedIps: undefined,
	events: ['session.completed'],
	livemode: 'all',
	maxEventAge: 0,
	minimumConfidence: 0,
};
const sign = (value: unknown, key = secret) => {
	const body = Buffer.from(JSON.stringify(value));
	return { webhookName: 'default', body, signature: signBody(body, key), address: '52.52.52.52' };
};
/** Evaluates a signed delivery of the event with these changes. */
const evaluate = (change: object, settings: Partial<VerificationSettings> = {}) =>
	evaluateRequest(sign({ ...event, ...change }), { ...DEFAULTS, ...settings }, [secret], now);
const minutesAgo = (minutes: number) => ({
	created_at: new Date(now - minutes * MINUTE_MS).toISOString(),
});

describe('a delivery', () => {
	it('with a valid signature and a selected type is valid', () => {
		expect(evaluate({})).toEqual({ outcome: 'valid', event });
	});

	it('that a filter excludes is ignored', () => {
		const other = { ...event, type: 'session.failed' };
		const expected = { outcome: 'ignored', event: other, reason: 'type not selected' };
		expect(evaluate({ type: 'session.failed' })).toEqual(expected);
	});

	it('from the future is not ignored if a retry may succeed', () => {
		const settings = { maxEventAge: 10 };
		expect(evaluate(minutesAgo(-6), settings)).toMatchObject({
			outcome: 'future timestamp',
			reason: 'ahead of the clock',
		});
		expect(evaluate(minutesAgo(-120), settings)).toMatchObject({ outcome: 'ignored' });
	});

	it('signed with another secret has an invalid signature', () => {
		expect(evaluateRequest(sign(event, 'another'), DEFAULTS, [secret], now)).toEqual({
			outcome: 'invalid signature',
			reason: 'mismatch',
		});
	});

	it('without an event is malformed', () => {
		expect(evaluate({ id: '' })).toEqual({ outcome: 'malformed', reason: 'no usable id' });
	});
});

describe('the order of the checks:', () => {
	it.each([
		['received', 'setup'],
		['finished', 'default'],
	] as const)('with "%s", the path "%s" is checked first', (acknowledge, webhookName) => {
		const forged = { ...sign(event, 'another'), webhookName, address: '1.2.3.4' };
		const settings = { ...DEFAULTS, acknowledge, allowedIps: '52.52.52.52' };
		expect(evaluateRequest(forged, settings, [secret], now)).toEqual({ outcome: 'wrong path' });
	});

	it('the address before the signature', () => {
		const forged = { ...sign(event, 'another'), address: '1.2.3.4' };
		const settings = { ...DEFAULTS, allowedIps: '52.52.52.52' };
		expect(evaluateRequest(forged, settings, [secret], now)).toEqual({ outcome: 'forbidden' });
	});

	it('the signature before the format', () => {
		const forged = { ...sign(event), body: Buffer.from('not JSON') };
		expect(evaluateRequest(forged, DEFAULTS, [secret], now).outcome).toBe('invalid signature');
	});

	it('the format before the type', () => {
		expect(evaluate({ id: '', type: 'session.failed' }).outcome).toBe('malformed');
	});

	it('the type before the age', () => {
		const settings = { maxEventAge: 10 };
		expect(evaluate({ type: 'session.failed', ...minutesAgo(11) }, settings)).toMatchObject({
			reason: 'type not selected',
		});
	});

	it('the age before the live mode', () => {
		const settings = { maxEventAge: 10, livemode: 'test' as const };
		expect(evaluate(minutesAgo(11), settings)).toMatchObject({ reason: 'too old' });
	});
});

describe('verifyRequest', () => {
	const withGeneratedSecret = {
		registration: { webhookId: 'wh_1', generatedSecret: 'generated' },
	};
	/** Verifies a delivery. Returns the result, and how often the credential was read. */
	async function verify(
		delivery: Parameters<typeof verifyRequest>[1],
		credential: object,
		staticData: object = withGeneratedSecret,
	) {
		let reads = 0;
		const context = {
			getWorkflow: () => ({ id: 'w1' }),
			getInstanceId: () => 'n8n-1',
			getWorkflowStaticData: () => staticData,
			getCredentials: async () => {
				reads++;
				return credential;
			},
		} as unknown as IWebhookFunctions;
		const result = await verifyRequest(context, delivery, DEFAULTS);
		return { ...result, reads };
	}
	const credential = { signingSecret: 'current', previousSigningSecret: 'previous' };

	it.each([
		['generated', 'valid', 0],
		['current', 'valid', 1],
		['previous', 'valid', 1],
		['another', 'invalid signature', 1],
	])('of a delivery signed with the secret "%s": %s', async (key, outcome, reads) => {
		expect(await verify(sign(event, key), credential)).toMatchObject({ outcome, reads });
	});

	it('does not read the credential if no secret can verify the signature', async () => {
		const delivery = { ...sign(event), signature: 'sha256=' };
		expect(await verify(delivery, credential)).toMatchObject({
			outcome: 'invalid signature',
			reads: 0,
		});
	});

	it('needs no generated secret', async () => {
		expect(await verify(sign(event, 'current'), credential, {})).toMatchObject({
			outcome: 'valid',
		});
	});

	it.each([
		['the credential has no secret', withGeneratedSecret, 'mismatch'],
		['there is no secret at all', {}, 'no-secret'],
	])('rejects a delivery if %s', async (_, staticData, reason) => {
		const expected = { outcome: 'invalid signature', reason, reads: 1 };
		expect(await verify(sign(event), {}, staticData)).toEqual(expected);
	});
});
