import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';

import { findSignatureProblem, sign, SIGNATURE_HEADER } from '../../nodes/shared/signature.ts';

const secret = 'test_secret';
const body = Buffer.from('{"id":"evt_1"}');
const header = sign(body, secret);
const findProblem = (change: { body?: unknown; header?: unknown; secrets?: string[] } = {}) => {
	const delivery = { body, header, secrets: [secret], ...change };
	return findSignatureProblem(delivery.body, delivery.header, delivery.secrets);
};

describe('a signature', () => {
	it('uses the documented header', () => {
		expect(SIGNATURE_HEADER).toBe('x-mindpeeker-signature');
	});

	it('matches the documented example', () => {
		expect(header).toBe('sha256=c99dcd69e2f455a559a87dcb03ec937afb162c4907f8a198fff25e657028060d');
	});

	it('is valid for the same bytes and secret', () => {
		expect(findProblem()).toBeUndefined();
	});

	it('is valid with any of the secrets', () => {
		expect(findProblem({ secrets: ['another', secret] })).toBeUndefined();
	});

	it('uses the UTF-8 bytes of the secret as key', () => {
		const key = 'schlüssel€';
		const hex = createHmac('sha256', Buffer.from(key, 'utf8')).update(body).digest('hex');
		expect(findProblem({ header: `sha256=${hex}`, secrets: [key] })).toBeUndefined();
	});

	it.each([
		['hex in upper case', header.replace(/=.*/, (hex) => hex.toUpperCase())],
		['the prefix in upper case', header.replace('sha', 'SHA')],
		['everything in upper case', header.toUpperCase()],
		['hex in both cases', header.replace(/[a-f]/, (digit) => digit.toUpperCase())],
	])('is valid with %s', (_, variant) => {
		expect(findProblem({ header: variant })).toBeUndefined();
		expect(findProblem({ header: variant, secrets: ['another'] })).toBe('mismatch');
	});

	it('covers binary data', () => {
		const bytes = Buffer.from([0, 0xff, 0xfe, 0x80]);
		expect(findProblem({ body: bytes, header: sign(bytes, secret) })).toBeUndefined();
	});

	it('covers an empty body', () => {
		const empty = Buffer.alloc(0);
		expect(findProblem({ body: empty, header: sign(empty, secret) })).toBeUndefined();
	});
});

describe('a signature is rejected', () => {
	it.each([
		['another byte in the body', { body: Buffer.from('{"id":"evt_2"}') }, 'mismatch'],
		['an extra byte', { body: Buffer.concat([body, Buffer.from(' ')]) }, 'mismatch'],
		['another secret', { secrets: ['another'] }, 'mismatch'],
		['another last digit', { header: header.slice(0, -1) + 'e' }, 'mismatch'],
		['another first digit', { header: header.replace('=c', '=d') }, 'mismatch'],
		['no secret', { secrets: [] }, 'no-secret'],
		['only blank secrets', { secrets: ['', ' '], header: sign(body, ' ') }, 'no-secret'],
		['no header', { header: undefined }, 'no-signature'],
		['an empty header', { header: '' }, 'no-signature'],
		['a list of headers', { header: [header] }, 'malformed-signature'],
		['two headers joined', { header: `${header}, ${header}` }, 'malformed-signature'],
		['no prefix', { header: header.slice('sha256='.length) }, 'malformed-signature'],
		['another prefix', { header: header.replace('sha256', 'sha512') }, 'malformed-signature'],
		['a long s in the prefix', { header: header.replace('s', 'ſ') }, 'malformed-signature'],
		['a missing digit', { header: header.slice(0, -1) }, 'malformed-signature'],
		['an extra digit', { header: `${header}0` }, 'malformed-signature'],
		['letters instead of digits', { header: `sha256=${'zz'.repeat(32)}` }, 'malformed-signature'],
		['64 two-byte letters', { header: `sha256=${'é'.repeat(64)}` }, 'malformed-signature'],
		['a leading space', { header: ` ${header}` }, 'malformed-signature'],
		['a trailing line break', { header: `${header}\n` }, 'malformed-signature'],
		['no body', { body: undefined }, 'no-body'],
		['a parsed body', { body: { id: 'evt_1' } }, 'no-body'],
		['a body as text', { body: '{"id":"evt_1"}' }, 'no-body'],
	])('with %s', (_, change, expected) => {
		expect(findProblem(change)).toBe(expected);
	});
});
