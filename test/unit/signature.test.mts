import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';

import { findSignatureFault, sign, SIGNATURE_HEADER } from '../../nodes/shared/signature.ts';

const secret = 'test_secret';
const body = Buffer.from('{"id":"evt_1"}');
const header = sign(body, secret);
const fault = (change: { body?: unknown; header?: unknown; secrets?: string[] } = {}) => {
	const delivery = { body, header, secrets: [secret], ...change };
	return findSignatureFault(delivery.body, delivery.header, delivery.secrets);
};

describe('a signature', () => {
	it('stands in the documented header', () => {
		expect(SIGNATURE_HEADER).toBe('x-mindpeeker-signature');
	});

	it('is the documented one for the documented check value', () => {
		expect(header).toBe('sha256=c99dcd69e2f455a559a87dcb03ec937afb162c4907f8a198fff25e657028060d');
	});

	it('is good over the same bytes under the same secret', () => {
		expect(fault()).toBeUndefined();
	});

	it('is good under any of the secrets in force', () => {
		expect(fault({ secrets: ['another', secret] })).toBeUndefined();
	});

	it('is keyed with the UTF-8 bytes of the secret', () => {
		const key = 'schlüssel€';
		const hex = createHmac('sha256', Buffer.from(key, 'utf8')).update(body).digest('hex');
		expect(fault({ header: `sha256=${hex}`, secrets: [key] })).toBeUndefined();
	});

	it.each([
		['hex in upper case', header.replace(/=.*/, (hex) => hex.toUpperCase())],
		['the scheme in upper case', header.replace('sha', 'SHA')],
		['everything in upper case', header.toUpperCase()],
		['hex in both cases', header.replace(/[a-f]/, (digit) => digit.toUpperCase())],
	])('is good with %s', (_, written) => {
		expect(fault({ header: written })).toBeUndefined();
		expect(fault({ header: written, secrets: ['another'] })).toBe('mismatch');
	});

	it('covers bytes that are no text', () => {
		const bytes = Buffer.from([0, 0xff, 0xfe, 0x80]);
		expect(fault({ body: bytes, header: sign(bytes, secret) })).toBeUndefined();
	});

	it('covers an empty body', () => {
		const empty = Buffer.alloc(0);
		expect(fault({ body: empty, header: sign(empty, secret) })).toBeUndefined();
	});
});

describe('a signature is refused', () => {
	it.each([
		['another byte in the body', { body: Buffer.from('{"id":"evt_2"}') }, 'mismatch'],
		['a byte more', { body: Buffer.concat([body, Buffer.from(' ')]) }, 'mismatch'],
		['another secret', { secrets: ['another'] }, 'mismatch'],
		['another last digit', { header: header.slice(0, -1) + 'e' }, 'mismatch'],
		['another first digit', { header: header.replace('=c', '=d') }, 'mismatch'],
		['no secret', { secrets: [] }, 'no-secret'],
		['nothing but blank secrets', { secrets: ['', ' '], header: sign(body, ' ') }, 'no-secret'],
		['no header', { header: undefined }, 'no-signature'],
		['an empty header', { header: '' }, 'no-signature'],
		['a list of headers', { header: [header] }, 'malformed-signature'],
		['two headers joined', { header: `${header}, ${header}` }, 'malformed-signature'],
		['no scheme', { header: header.slice('sha256='.length) }, 'malformed-signature'],
		['another scheme', { header: header.replace('sha256', 'sha512') }, 'malformed-signature'],
		['a long s in the scheme', { header: header.replace('s', 'ſ') }, 'malformed-signature'],
		['a digit less', { header: header.slice(0, -1) }, 'malformed-signature'],
		['a digit more', { header: `${header}0` }, 'malformed-signature'],
		['letters that are no digits', { header: `sha256=${'zz'.repeat(32)}` }, 'malformed-signature'],
		['64 letters of two bytes each', { header: `sha256=${'é'.repeat(64)}` }, 'malformed-signature'],
		['a space in front', { header: ` ${header}` }, 'malformed-signature'],
		['a line break behind', { header: `${header}\n` }, 'malformed-signature'],
		['no body', { body: undefined }, 'no-body'],
		['a parsed body', { body: { id: 'evt_1' } }, 'no-body'],
		['a body as text', { body: '{"id":"evt_1"}' }, 'no-body'],
	])('with %s', (_, change, expected) => {
		expect(fault(change)).toBe(expected);
	});
});
