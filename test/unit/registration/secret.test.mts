import { describe, expect, it } from '@jest/globals';

import {
	digestOf,
	findSecretFault,
	generateSecret,
	isDigestOf,
} from '../../../nodes/shared/registration/secret.ts';

describe('a generated secret', () => {
	it('is 32 bytes in hex, and another one each time', () => {
		expect(generateSecret()).toMatch(/^[0-9a-f]{64}$/);
		expect(generateSecret()).not.toBe(generateSecret());
	});
});

describe('the digest of a secret', () => {
	it('knows its secret again, and no other', () => {
		const digest = digestOf('correct horse');
		expect(isDigestOf(digest, 'correct horse')).toBe(true);
		expect(isDigestOf(digest, 'correct horsf')).toBe(false);
	});

	it('is salted, so that equal secrets do not show', () => {
		expect(digestOf('correct horse')).not.toBe(digestOf('correct horse'));
	});

	it.each(['', ':', 'ab:cd', 'correct horse'])('"%s" is of no secret', (digest) => {
		expect(isDigestOf(digest, 'correct horse')).toBe(false);
	});
});

describe('a secret', () => {
	it.each([
		['correct horse', undefined],
		['', 'is empty'],
		['  ', 'is empty'],
		[' correct horse', 'has white space around it'],
		['correct horse\n', 'has white space around it'],
	])('"%s": %s', (secret, fault) => expect(findSecretFault(secret)).toBe(fault));
});
