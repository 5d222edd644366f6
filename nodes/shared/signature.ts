import { createHmac, timingSafeEqual } from 'node:crypto';

/** Carries `sha256=` and the HMAC-SHA-256 of the raw body in lower-case hex, keyed with the secret's UTF-8 bytes. */
export const SIGNATURE_HEADER = 'x-mindpeeker-signature';

// Buffer.from(…, 'hex') stops at the first bad digit without a word, so the form is checked before.
const SIGNATURE_FORM = /^sha256=[0-9a-f]{64}$/;
const SCHEME_LENGTH = 'sha256='.length;

export type SignatureFault =
	| 'no-body'
	| 'no-signature'
	| 'malformed-signature'
	| 'no-secret'
	| 'mismatch';

/** The value of the signature header for these bytes. */
export function sign(body: Buffer, secret: string): string {
	return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
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

	const claimed = Buffer.from(header.slice(SCHEME_LENGTH), 'hex');
	const usable = secrets.filter((secret) => secret.trim() !== '');
	if (usable.length === 0) return 'no-secret';

	const authentic = usable.some((secret) =>
		timingSafeEqual(createHmac('sha256', secret).update(body).digest(), claimed),
	);
	return authentic ? undefined : 'mismatch';
}
