import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';

const SECRET_BYTES = 32;
const SALT_BYTES = 16;
const DIGEST_BYTES = 32;

/** Returns 32 random bytes in hex. */
export function generateSecret(): string {
	return randomBytes(SECRET_BYTES).toString('hex');
}

/**
 * Returns a salted digest as `salt:hash` in hex. scrypt is slow on purpose: n8n stores static data unencrypted, and a
 * user's secret may be guessable.
 */
export function digestSecret(secret: string, salt = randomBytes(SALT_BYTES)): string {
	return `${salt.toString('hex')}:${scryptSync(secret, salt, DIGEST_BYTES).toString('hex')}`;
}

export function matchesDigest(digest: string, secret: string): boolean {
	const salt = Buffer.from(digest.slice(0, digest.indexOf(':')), 'hex');
	const expected = Buffer.from(digest);
	const actual = Buffer.from(digestSecret(secret, salt));
	return actual.length === expected.length && timingSafeEqual(actual, expected);
}

/** Returns the problem of an invalid secret as the end of a sentence. */
export function findSecretProblem(secret: string): string | undefined {
	if (secret.trim() === '') return 'is empty';
	if (secret.trim() !== secret) return 'starts or ends with white space';
	return undefined;
}
