import { createHmac, timingSafeEqual } from 'node:crypto';

/** Contains `sha256=` and the hex HMAC-SHA-256 of the raw body. The key is the secret in UTF-8. */
export const SIGNATURE_HEADER = 'x-mindpeeker-signature';

// Ensures equal lengths for the comparison. Upper case is accepted, because some senders write hex so.
const SIGNATURE_FORMAT = /^sha256=[0-9a-f]{64}$/i;
const PREFIX = 'sha256=';

// Reused by all checks, which are synchronous. Allocation would cost more than the comparison.
const RECEIVED = Buffer.alloc(64);
const EXPECTED = Buffer.alloc(64);

export type SignatureProblem =
	| 'no-body'
	| 'no-signature'
	| 'malformed-signature'
	| 'no-secret'
	| 'mismatch';

/** Returns the value of the signature header for a body. */
export function sign(body: Buffer, secret: string): string {
	return PREFIX + computeHmac(body, secret);
}

function computeHmac(body: Buffer, secret: string): string {
	return createHmac('sha256', secret).update(body).digest('hex');
}

/**
 * Verifies a signature with any of the valid secrets.
 *
 * @param body The raw bytes. Any other type counts as a missing body.
 * @param header The value from Node.js, which joins repeated headers. They are rejected.
 * @param secrets Blank secrets are ignored, because an HMAC also accepts an empty key.
 * @returns undefined if the signature is valid
 */
export function findSignatureProblem(
	body: unknown,
	header: unknown,
	secrets: readonly string[],
): SignatureProblem | undefined {
	if (!Buffer.isBuffer(body)) return 'no-body';
	if (header === undefined || header === '') return 'no-signature';
	if (typeof header !== 'string' || !SIGNATURE_FORMAT.test(header)) return 'malformed-signature';

	const usable = secrets.filter((secret) => secret.trim() !== '');
	if (usable.length === 0) return 'no-secret';

	RECEIVED.write(header.slice(PREFIX.length).toLowerCase());
	const isValid = usable.some((secret) => {
		EXPECTED.write(computeHmac(body, secret));
		return timingSafeEqual(EXPECTED, RECEIVED);
	});
	return isValid ? undefined : 'mismatch';
}
