import { describe, expect, it } from '@jest/globals';

import {
	digestSecret,
	findSecretProblem,
	generateSecret,
	matchesDigest,
} from '../../../nodes/shared/registration/secret.ts';

describe('a generated secret', () => {
	it('is 32 random bytes in hex', () => {
		expect(generateSecret()).toMatch(/^[0-9a-f]{64}$/);
		expect(generateSecret()).not.toBe(generateSecret());
	});
});

describe('a digest', () => {
	it('matches only its own secret', () => {
		const digest = digestSecret('correct horse');
		expect(matchesDigest(digest, 'correct horse')).toBe(true);
		expect(matchesDigest(digest, 'correct horsf')).toBe(false);
	});

	it('is salted, so that equal secrets have different digests', () => {
		expect(digestSecret('correct horse')).not.toBe(digestSecret('correct horse'));
	});

	it.each(['', ':', 'ab:cd', 'correct horse'])('"%s" matches no secret', (digest) => {
		expect(matchesDigest(digest, 'correct horse')).toBe(false);
	});
});

describe('a secret', () => {
	it.each([
		['correct horse', undefined],
		['', 'is empty'],
		['  ', 'is empty'],
		[' correct horse', 'starts or ends with white space'],
		['correct horse\n', 'starts or ends with white space'],
	])('"%s": %s', (secret, problem) => expect(findSecretProblem(secret)).toBe(problem));
});
