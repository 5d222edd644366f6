import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';

const SECRET_BYTES = 32;
const SALT_BYTES = 16;
const DIGEST_BYTES = 32;

/** 32 random bytes in hex. */
export function generateSecret(): string {
	return randomBytes(SECRET_BYTES).toString('hex');
}

/**
 * A salted digest that tells later whether a secret is still the same, without keeping the secret. A slow
 * one, for a person's secret can be guessed, and n8n keeps static data in clear.
 */
export function digestOf(secret: string, salt = randomBytes(SALT_BYTES)): string {
	return `${salt.toString('hex')}:${scryptSync(secret, salt, DIGEST_BYTES).toString('hex')}`;
}

export function isDigestOf(digest: string, secret: string): boolean {
	const salt = Buffer.from(digest.slice(0, digest.indexOf(':')), 'hex');
	const expected = Buffer.from(digest);
	const actual = Buffer.from(digestOf(secret, salt));
	return actual.length === expected.length && timingSafeEqual(actual, expected);
}

/** Why a secret cannot be used, as the end of a sentence; undefined where it can. */
export function findSecretFault(secret: string): string | undefined {
	if (secret.trim() === '') return 'is empty';
	if (secret.trim() !== secret) return 'has white space around it';
	return undefined;
}
