import { describe, expect, it } from '@jest/globals';

import {
	generatedSecrets,
	registrationOf,
	replaceRegistration,
	retireRegistration,
	type RegistrationState,
} from '../../../nodes/MindPeekerTrigger/registration/state.ts';
import { isDigestOf } from '../../../nodes/shared/registration/secret.ts';

const MINUTE = 60_000;
const made = (webhookId: string) => ({ webhookId, generatedSecret: `secret of ${webhookId}` });

describe('the secrets that the node made', () => {
	it('are those of its webhook', () => {
		const state: RegistrationState = {};
		replaceRegistration(state, made('wh_1'), 0);
		expect(generatedSecrets(state, 0)).toEqual(['secret of wh_1']);
	});

	it('stay valid for the retry window of 1 h 42 min 35 s after their webhook is gone', () => {
		const state: RegistrationState = { registration: made('wh_1') };
		retireRegistration(state, 0);
		expect(state.registration).toBeUndefined();
		expect(generatedSecrets(state, 102 * MINUTE + 35_000)).toEqual(['secret of wh_1']);
		expect(generatedSecrets(state, 103 * MINUTE + 11_000)).toEqual([]);
	});

	it('are good until their time is over, and not at its end', () => {
		const state: RegistrationState = { formerSecrets: [{ secret: 'former', validUntil: 100 }] };
		expect(generatedSecrets(state, 99)).toEqual(['former']);
		expect(generatedSecrets(state, 100)).toEqual([]);
	});

	it('of several republications in a row are all kept, and dropped when they expire', () => {
		const state: RegistrationState = { registration: made('wh_1') };
		retireRegistration(state, 0);
		replaceRegistration(state, made('wh_2'), 1 * MINUTE);
		replaceRegistration(state, made('wh_3'), 60 * MINUTE);
		expect(generatedSecrets(state, 60 * MINUTE)).toEqual([
			'secret of wh_3',
			'secret of wh_2',
			'secret of wh_1',
		]);
		replaceRegistration(state, made('wh_4'), 110 * MINUTE);
		expect(state.formerSecrets?.map(({ secret }) => secret)).toEqual([
			'secret of wh_3',
			'secret of wh_2',
		]);
	});

	it('are none where the credential holds the secret', () => {
		const state: RegistrationState = {};
		replaceRegistration(state, { webhookId: 'wh_1', secretDigest: 'a:b' }, 0);
		retireRegistration(state, 0);
		expect(state.formerSecrets).toEqual([]);
		expect(generatedSecrets(state, 0)).toEqual([]);
	});
});

describe('what is kept of a webhook', () => {
	const wanted = { url: 'https://n8n.example.com/', events: [] };

	it('is the secret where the node made it', () => {
		const kept = registrationOf({ webhookId: 'wh_1', secret: 'made' }, wanted);
		expect(kept).toEqual({ webhookId: 'wh_1', generatedSecret: 'made' });
	});

	it("is a digest of the secret where it is the credential's", () => {
		const secret = 'of the credential';
		const kept = registrationOf({ webhookId: 'wh_1', secret }, { ...wanted, secret });
		expect(kept).toEqual({ webhookId: 'wh_1', secretDigest: expect.any(String) });
		expect(isDigestOf(kept.secretDigest!, secret)).toBe(true);
		expect(JSON.stringify(kept)).not.toContain(secret);
	});
});
