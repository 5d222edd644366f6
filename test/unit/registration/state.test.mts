import { describe, expect, it } from '@jest/globals';

import {
	listGeneratedSecrets,
	toRegistration,
	replaceRegistration,
	retireRegistration,
	type RegistrationState,
} from '../../../nodes/MindPeekerTrigger/registration/state.ts';
import { matchesDigest } from '../../../nodes/shared/registration/secret.ts';

const MINUTE = 60_000;
const registration = (webhookId: string) => ({
	webhookId,
	generatedSecret: `secret of ${webhookId}`,
});

describe('generated secrets', () => {
	it('include the secret of the webhook', () => {
		const state: RegistrationState = {};
		replaceRegistration(state, registration('wh_1'), 0);
		expect(listGeneratedSecrets(state, 0)).toEqual(['secret of wh_1']);
	});

	it('stay valid for the retry window of 1 h 43 min 10 s after the webhook was removed', () => {
		const state: RegistrationState = { registration: registration('wh_1') };
		retireRegistration(state, 0);
		expect(state.registration).toBeUndefined();
		expect(listGeneratedSecrets(state, 103 * MINUTE + 9_999)).toEqual(['secret of wh_1']);
		expect(listGeneratedSecrets(state, 103 * MINUTE + 10_000)).toEqual([]);
	});

	it('are valid until they expire', () => {
		const state: RegistrationState = { formerSecrets: [{ secret: 'former', validUntil: 100 }] };
		expect(listGeneratedSecrets(state, 99)).toEqual(['former']);
		expect(listGeneratedSecrets(state, 100)).toEqual([]);
	});

	it('are kept for every republication until they expire', () => {
		const state: RegistrationState = { registration: registration('wh_1') };
		retireRegistration(state, 0);
		replaceRegistration(state, registration('wh_2'), 1 * MINUTE);
		replaceRegistration(state, registration('wh_3'), 60 * MINUTE);
		expect(listGeneratedSecrets(state, 60 * MINUTE)).toEqual([
			'secret of wh_3',
			'secret of wh_2',
			'secret of wh_1',
		]);
		replaceRegistration(state, registration('wh_4'), 110 * MINUTE);
		expect(state.formerSecrets?.map(({ secret }) => secret)).toEqual([
			'secret of wh_3',
			'secret of wh_2',
		]);
	});

	it('do not exist if the secret is in the credential', () => {
		const state: RegistrationState = {};
		replaceRegistration(state, { webhookId: 'wh_1', secretDigest: 'a:b' }, 0);
		retireRegistration(state, 0);
		expect(state.formerSecrets).toEqual([]);
		expect(listGeneratedSecrets(state, 0)).toEqual([]);
	});
});

describe('the stored registration', () => {
	const wanted = { url: 'https://n8n.example.com/', events: [] };

	it('contains a generated secret', () => {
		const stored = toRegistration({ webhookId: 'wh_1', secret: 'generated' }, wanted);
		expect(stored).toEqual({ webhookId: 'wh_1', generatedSecret: 'generated' });
	});

	it("contains only a digest from the credential's secret", () => {
		const secret = 'from the credential';
		const stored = toRegistration({ webhookId: 'wh_1', secret }, { ...wanted, secret });
		expect(stored).toEqual({ webhookId: 'wh_1', secretDigest: expect.any(String) });
		expect(matchesDigest(stored.secretDigest!, secret)).toBe(true);
		expect(JSON.stringify(stored)).not.toContain(secret);
	});
});
