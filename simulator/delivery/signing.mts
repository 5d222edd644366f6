import { createHmac } from 'node:crypto';

export const SIGNATURE_HEADER = 'X-MindPeeker-Signature';

/** The signature of a body: HMAC-SHA256 over its bytes, keyed with the UTF-8 bytes of the secret. */
export function signatureOf(body: Buffer, secret: string): string {
	const key = Buffer.from(secret, 'utf8');
	return `sha256=${createHmac('sha256', key).update(body).digest('hex')}`;
}
