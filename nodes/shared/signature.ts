import { createHmac, timingSafeEqual } from 'node:crypto';

/** Carries `sha256=` and the HMAC-SHA-256 of the raw body in hex, keyed with the secret's UTF-8 bytes. */
export const SIGNATURE_HEADER = 'x-mindpeeker-signature';

// Checked before the comparison, which needs two texts of the same length and of one byte for each character.
// Upper case passes: some senders write hex that way, and it is the same signature.
const SIGNATURE_FORM = /^sha256=[0-9a-f]{64}$/i;
const SCHEME = 'sha256=';

// Filled anew by each check, which is never interrupted: making them costs more than comparing them.
const CLAIMED = Buffer.alloc(64);
const EXPECTED = Buffer.alloc(64);

export type SignatureFault =
	| 'no-body'
	| 'no-signature'
	| 'malformed-signature'
	| 'no-secret'
	| 'mismatch';

/** The value of the signature header for these bytes. */
export function sign(body: Buffer, secret: string): string {
	return SCHEME + hmacOf(body, secret);
}

function hmacOf(body: Buffer, secret: string): string {
	return createHmac('sha256', secret).update(body).digest('hex');
}

/**
 * Checks the signature of a delivery against every secret in force.
 *
 * @param body the bytes as they arrived; anything else is no body
 * @param header the header's value as Node gives it: two headers of one name arrive joined, and are refused
 * @param secrets blank ones count as none, for an HMAC can be made with an empty key as well
 * @returns what is wrong, or undefined where the signature is good
 */
export function findSignatureFault(
	body: unknown,
	header: unknown,
	secrets: readonly string[],
): SignatureFault | undefined {
	if (!Buffer.isBuffer(body)) return 'no-body';
	if (header === undefined || header === '') return 'no-signature';
	if (typeof header !== 'string' || !SIGNATURE_FORM.test(header)) return 'malformed-signature';

	const usable = secrets.filter((secret) => secret.trim() !== '');
	if (usable.length === 0) return 'no-secret';

	CLAIMED.write(header.slice(SCHEME.length).toLowerCase(), 'latin1');
	const isAuthentic = usable.some((secret) => {
		EXPECTED.write(hmacOf(body, secret), 'latin1');
		return timingSafeEqual(EXPECTED, CLAIMED);
	});
	return isAuthentic ? undefined : 'mismatch';
}
