import { brotliCompressSync, gzipSync } from 'node:zlib';

import { sign } from '../../nodes/shared/signature.ts';
import type { RawRequest, RawResponse } from './sendRaw.mts';

export interface BadRequest {
	name: string;
	build: (secret: string) => RawRequest;
	/** The response of the trigger. */
	response: RawResponse;
	/** The status with which n8n rejects the request before it reaches the trigger. */
	n8nStatus?: number;
}

export const event = {
	id: 'evt_bad',
	type: 'session.completed',
	created_at: '2025-01-15T10:30:00Z',
	data: { session_id: 'sess_1', confidence_score: 0.87 },
	livemode: true,
};
const JSON_TYPE = ['Content-Type', 'application/json'];
const SIGNATURE = 'X-MindPeeker-Signature';
const UNAUTHORIZED = { status: 401, text: 'Invalid signature' };
const MALFORMED = { status: 400, text: 'Not a MindPeeker event' };
const eventBytes = Buffer.from(JSON.stringify(event));

/** The event with these headers instead of its signature. */
function withSignature(
	name: string,
	getHeaders: (signature: string, secret: string) => string[],
): BadRequest {
	return {
		name: `signature: ${name}`,
		build: (secret) => ({
			headers: [...JSON_TYPE, ...getHeaders(sign(eventBytes, secret), secret)],
			body: eventBytes,
		}),
		response: UNAUTHORIZED,
	};
}

const withHeader = (name: string, getValue: (signature: string, secret: string) => string) =>
	withSignature(name, (signature, secret) => [SIGNATURE, getValue(signature, secret)]);

/** A body with its valid signature. */
function withBody(
	name: string,
	body: string | Buffer,
	{
		type = 'application/json',
		headers = [] as string[],
		...more
	}: {
		type?: string;
		headers?: string[];
		response?: RawResponse;
		n8nStatus?: number;
	} = {},
): BadRequest {
	const bytes = Buffer.from(body as string);
	return {
		name: `body: ${name}`,
		build: (secret) => ({
			headers: ['Content-Type', type, ...headers, SIGNATURE, sign(bytes, secret)],
			body: bytes,
		}),
		response: MALFORMED,
		...more,
	};
}

const withField = (name: string, change: object) =>
	withBody(name, JSON.stringify({ ...event, ...change }));
const getDigits = (signature: string) => signature.slice('sha256='.length);
const createNested = (depth: number) =>
	'{"id":"evt_bad","type":"session.completed","data":' +
	'{"a":'.repeat(depth) +
	'1' +
	'}'.repeat(depth) +
	'}';

const notUtf8 = Buffer.from(JSON.stringify({ ...event, text: 'ÿ' }), 'latin1');

const signatures: BadRequest[] = [
	withSignature('missing', () => []),
	withHeader('empty', () => ''),
	withHeader('only the scheme', () => 'sha256='),
	withHeader('digits without the scheme', getDigits),
	withHeader('another scheme', (signature) => signature.replace('sha256', 'sha512')),
	withHeader('an older scheme', () => `sha1=${'0'.repeat(40)}`),
	withHeader('a scheme with a hyphen', (signature) => signature.replace('sha256', 'sha-256')),
	withHeader('a colon instead of the equals sign', (signature) => signature.replace('=', ':')),
	withHeader('digits in upper case, with another last digit', (signature) => {
		const other = signature.endsWith('0') ? '1' : '0';
		return `sha256=${getDigits(signature).toUpperCase().slice(0, -1)}${other}`;
	}),
	withHeader('a missing digit', (signature) => signature.slice(0, -1)),
	withHeader('an additional digit', (signature) => `${signature}0`),
	withHeader('the first half', (signature) => signature.slice(0, 39)),
	withHeader('the digits twice', (signature) => signature + getDigits(signature)),
	withHeader(
		'another first digit',
		(signature) =>
			`sha256=${getDigits(signature).startsWith('0') ? '1' : '0'}${signature.slice(8)}`,
	),
	withHeader(
		'another last digit',
		(signature) => signature.slice(0, -1) + (signature.endsWith('0') ? '1' : '0'),
	),
	withHeader('zeros', () => `sha256=${'0'.repeat(64)}`),
	withHeader('letters that are not digits', () => `sha256=${'zz'.repeat(32)}`),
	withHeader('valid digits, followed by letters', (signature) => `${signature.slice(0, -2)}zz`),
	withHeader('64 letters of two bytes each', () => `sha256=${'é'.repeat(64)}`),
	withHeader('a space after the scheme', (signature) => signature.replace('=', '= ')),
	withHeader('quotes around it', (signature) => `"${signature}"`),
	withHeader(
		'base64 digits',
		(signature) => `sha256=${Buffer.from(getDigits(signature), 'hex').toString('base64')}`,
	),
	withHeader(
		'the form of another service',
		(signature) => `t=1736937000,v1=${getDigits(signature)}`,
	),
	withHeader('two in one header', (signature) => `${signature}, ${signature}`),
	withHeader(
		'a valid one after an invalid one',
		(signature) => `sha256=${'0'.repeat(64)},${signature}`,
	),
	withHeader('ten thousand characters', (signature) => signature + '0'.repeat(10_000)),
	withHeader('the word "undefined"', () => 'undefined'),
	withSignature('the header twice', (signature) => [SIGNATURE, signature, SIGNATURE, signature]),
	withSignature('the header twice, once invalid', (signature) => [
		SIGNATURE,
		'sha256=',
		SIGNATURE,
		signature,
	]),
	withSignature('in another header', (signature) => ['X-Hub-Signature-256', signature]),
	withHeader('of another body', (_, secret) =>
		sign(Buffer.from(`${eventBytes.toString()} `), secret),
	),
	withHeader('of the reformatted body', (_, secret) =>
		sign(Buffer.from(JSON.stringify(event, null, 1)), secret),
	),
	withHeader('of an empty body', (_, secret) => sign(Buffer.alloc(0), secret)),
	withHeader('with another secret', (_, secret) => sign(eventBytes, `${secret}x`)),
	withHeader('with the beginning of the secret', (_, secret) =>
		sign(eventBytes, secret.slice(0, -1)),
	),
	withHeader('with the secret and a line break', (_, secret) => sign(eventBytes, `${secret}\n`)),
	withHeader('with the decoded hex digits of the secret', (_, secret) => {
		return sign(eventBytes, Buffer.from(secret, 'hex').toString('latin1'));
	}),
	// A zero byte as the key has the same HMAC as an empty key.
	withHeader('with an empty secret', () => sign(eventBytes, '\0')),
	...['undefined', 'null', ' ', 'secret'].map((word) =>
		withHeader(`with the word "${word}" as the secret`, () => sign(eventBytes, word)),
	),
];

const bodies: BadRequest[] = [
	withBody('missing', ''),
	withBody('text', 'hello', { type: 'text/plain' }),
	withBody('white space', ' \n', { n8nStatus: 422 }),
	withBody('a list', '[]'),
	withBody('a list of events', `[${eventBytes.toString()}]`),
	...['null', 'true', '1', '"session.completed"'].map((json) => withBody(`the JSON ${json}`, json)),
	withBody('an empty object', '{}'),
	withBody('truncated', eventBytes.subarray(0, -1), { n8nStatus: 422 }),
	withBody('two events', `${eventBytes.toString()}${eventBytes.toString()}`, { n8nStatus: 422 }),
	withBody('a trailing comma', '{"id":"evt_bad","type":"session.completed",}', { n8nStatus: 422 }),
	withBody('text that is not UTF-8', notUtf8),
	withBody('UTF-16', Buffer.from(eventBytes.toString(), 'utf16le'), { type: 'text/plain' }),
	withBody('a form', 'id=evt_bad&type=session.completed', {
		type: 'application/x-www-form-urlencoded',
	}),
	withBody('XML', '<event><id>evt_bad</id></event>', { type: 'application/xml' }),
	withBody(
		'the fields in the prototype',
		'{"__proto__":{"id":"evt_bad","type":"session.completed"}}',
	),
	withBody(
		'the fields in the constructor',
		'{"constructor":{"prototype":{"id":"evt_bad"}},"type":"session.completed"}',
	),
	withBody('101 levels deep', createNested(100)),
	withBody('a hundred thousand levels deep', createNested(100_000), {
		type: 'application/octet-stream',
	}),
	...Object.entries({
		missing: undefined,
		null: null,
		empty: '',
		'a number with a fraction': 1.5,
		'a number that was rounded': 2 ** 53,
		true: true,
		'a list': ['evt_bad'],
		'an object': {},
		'257 characters': 'x'.repeat(257),
	}).flatMap(([what, value]) => [
		withField(`an id that is ${what}`, { id: value }),
		withField(`a type that is ${what}`, { type: value }),
	]),
	withField('a type that is a number', { type: 1 }),
];

const contentTypes: BadRequest[] = [
	withBody('multipart', '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n', {
		type: 'multipart/form-data; boundary=x',
		response: UNAUTHORIZED,
	}),
	withBody('an unknown character set', eventBytes, {
		type: 'application/json; charset=klingon',
		n8nStatus: 422,
	}),
	withBody('an encoding that n8n does not decode', brotliCompressSync(eventBytes), {
		headers: ['Content-Encoding', 'br'],
		n8nStatus: 422,
	}),
	withBody('not gzip, in spite of its header', eventBytes, {
		headers: ['Content-Encoding', 'gzip'],
		n8nStatus: 500,
	}),
	// n8n decodes the body, and the signature is that of the encoded body.
	withBody('gzip, signed when encoded', gzipSync(eventBytes), {
		headers: ['Content-Encoding', 'gzip'],
		n8nStatus: 401,
	}),
	withBody('truncated gzip', gzipSync(eventBytes).subarray(0, 20), {
		headers: ['Content-Encoding', 'gzip'],
		n8nStatus: 500,
	}),
];

const methods: BadRequest[] = ['GET', 'PUT', 'PATCH', 'DELETE', 'HEAD'].map((method) => ({
	...withHeader(`valid with ${method}`, (signature) => signature),
	name: `method: ${method}`,
	build: (secret) => ({
		method,
		headers: [...JSON_TYPE, SIGNATURE, sign(eventBytes, secret)],
		body: eventBytes,
	}),
	n8nStatus: 404,
}));

/** Requests that must be rejected. Each has one problem. */
export const BAD_REQUESTS: BadRequest[] = [...signatures, ...bodies, ...contentTypes, ...methods];
