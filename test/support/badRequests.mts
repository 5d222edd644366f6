import { brotliCompressSync, gzipSync } from 'node:zlib';

import { sign } from '../../nodes/shared/signature.ts';
import type { Answer, RawRequest } from './sendRaw.mts';

export interface BadRequest {
	name: string;
	build: (secret: string) => RawRequest;
	/** What the trigger answers. */
	answer: Answer;
	/** What n8n answers before the trigger is asked. */
	n8nAnswers?: number;
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
const UNAUTHORISED = { status: 401, text: 'Invalid signature' };
const MALFORMED = { status: 400, text: 'Not a MindPeeker event' };
const whole = Buffer.from(JSON.stringify(event));

/** The genuine event, with these lines in place of its signature. */
function withSignature(
	name: string,
	linesFor: (good: string, secret: string) => string[],
): BadRequest {
	return {
		name: `signature: ${name}`,
		build: (secret) => ({
			headers: [...JSON_TYPE, ...linesFor(sign(whole, secret), secret)],
			body: whole,
		}),
		answer: UNAUTHORISED,
	};
}

const oneLine = (name: string, valueFor: (good: string, secret: string) => string) =>
	withSignature(name, (good, secret) => [SIGNATURE, valueFor(good, secret)]);

/** These bytes under their good signature. */
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
		answer?: Answer;
		n8nAnswers?: number;
	} = {},
): BadRequest {
	const bytes = Buffer.from(body as string);
	return {
		name: `body: ${name}`,
		build: (secret) => ({
			headers: ['Content-Type', type, ...headers, SIGNATURE, sign(bytes, secret)],
			body: bytes,
		}),
		answer: MALFORMED,
		...more,
	};
}

const withField = (name: string, change: object) =>
	withBody(name, JSON.stringify({ ...event, ...change }));
const hex = (good: string) => good.slice('sha256='.length);
const nested = (depth: number) =>
	'{"id":"evt_bad","type":"session.completed","data":' +
	'{"a":'.repeat(depth) +
	'1' +
	'}'.repeat(depth) +
	'}';

const notUtf8 = Buffer.from(JSON.stringify({ ...event, text: 'ÿ' }), 'latin1');

const signatures: BadRequest[] = [
	withSignature('none', () => []),
	oneLine('an empty one', () => ''),
	oneLine('the scheme alone', () => 'sha256='),
	oneLine('digits without the scheme', hex),
	oneLine('another scheme', (good) => good.replace('sha256', 'sha512')),
	oneLine('an older scheme', () => `sha1=${'0'.repeat(40)}`),
	oneLine('a scheme with a hyphen', (good) => good.replace('sha256', 'sha-256')),
	oneLine('a colon for the equals sign', (good) => good.replace('=', ':')),
	oneLine('digits in upper case, the last one another', (good) => {
		const other = good.endsWith('0') ? '1' : '0';
		return `sha256=${hex(good).toUpperCase().slice(0, -1)}${other}`;
	}),
	oneLine('a digit less', (good) => good.slice(0, -1)),
	oneLine('a digit more', (good) => `${good}0`),
	oneLine('half of it', (good) => good.slice(0, 39)),
	oneLine('the digits twice', (good) => good + hex(good)),
	oneLine(
		'another first digit',
		(good) => `sha256=${hex(good).startsWith('0') ? '1' : '0'}${good.slice(8)}`,
	),
	oneLine('another last digit', (good) => good.slice(0, -1) + (good.endsWith('0') ? '1' : '0')),
	oneLine('zeros', () => `sha256=${'0'.repeat(64)}`),
	oneLine('letters that are no digits', () => `sha256=${'zz'.repeat(32)}`),
	oneLine('good digits and then letters', (good) => `${good.slice(0, -2)}zz`),
	oneLine('64 letters of two bytes each', () => `sha256=${'é'.repeat(64)}`),
	oneLine('a space behind the scheme', (good) => good.replace('=', '= ')),
	oneLine('quotes around it', (good) => `"${good}"`),
	oneLine('base64 digits', (good) => `sha256=${Buffer.from(hex(good), 'hex').toString('base64')}`),
	oneLine('the form of another service', (good) => `t=1736937000,v1=${hex(good)}`),
	oneLine('two in one header', (good) => `${good}, ${good}`),
	oneLine('a good one behind a bad one', (good) => `sha256=${'0'.repeat(64)},${good}`),
	oneLine('ten thousand characters', (good) => good + '0'.repeat(10_000)),
	oneLine('a word', () => 'undefined'),
	withSignature('the header twice', (good) => [SIGNATURE, good, SIGNATURE, good]),
	withSignature('the header twice, once bad', (good) => [SIGNATURE, 'sha256=', SIGNATURE, good]),
	withSignature('under another name', (good) => ['X-Hub-Signature-256', good]),
	oneLine('over another body', (_, secret) => sign(Buffer.from(`${whole.toString()} `), secret)),
	oneLine('over the body written anew', (_, secret) =>
		sign(Buffer.from(JSON.stringify(event, null, 1)), secret),
	),
	oneLine('over an empty body', (_, secret) => sign(Buffer.alloc(0), secret)),
	oneLine('under another secret', (_, secret) => sign(whole, `${secret}x`)),
	oneLine('under the beginning of the secret', (_, secret) => sign(whole, secret.slice(0, -1))),
	oneLine('under the secret with a line break', (_, secret) => sign(whole, `${secret}\n`)),
	oneLine('under the secret as bytes of its digits', (_, secret) => {
		return sign(whole, Buffer.from(secret, 'hex').toString('latin1'));
	}),
	// A key of one zero byte gives the same HMAC as an empty one.
	oneLine('under an empty secret', () => sign(whole, '\0')),
	...['undefined', 'null', ' ', 'secret'].map((word) =>
		oneLine(`under the word "${word}"`, () => sign(whole, word)),
	),
];

const bodies: BadRequest[] = [
	withBody('none', ''),
	withBody('text', 'hello', { type: 'text/plain' }),
	withBody('white space', ' \n', { n8nAnswers: 422 }),
	withBody('an array', '[]'),
	withBody('an array of events', `[${whole.toString()}]`),
	...['null', 'true', '1', '"session.completed"'].map((json) => withBody(`the JSON ${json}`, json)),
	withBody('an empty object', '{}'),
	withBody('broken off', whole.subarray(0, -1), { n8nAnswers: 422 }),
	withBody('two of them', `${whole.toString()}${whole.toString()}`, { n8nAnswers: 422 }),
	withBody('a comma too many', '{"id":"evt_bad","type":"session.completed",}', { n8nAnswers: 422 }),
	withBody('text that is not UTF-8', notUtf8),
	withBody('UTF-16', Buffer.from(whole.toString(), 'utf16le'), { type: 'text/plain' }),
	withBody('a form', 'id=evt_bad&type=session.completed', {
		type: 'application/x-www-form-urlencoded',
	}),
	withBody('XML', '<event><id>evt_bad</id></event>', { type: 'application/xml' }),
	withBody(
		'the fields in the prototype',
		'{"__proto__":{"id":"evt_bad","type":"session.completed"}}',
	),
	withBody(
		'the fields of the constructor',
		'{"constructor":{"prototype":{"id":"evt_bad"}},"type":"session.completed"}',
	),
	withBody('101 levels deep', nested(100)),
	withBody('a hundred thousand levels deep', nested(100_000), { type: 'application/octet-stream' }),
	...Object.entries({
		missing: undefined,
		null: null,
		empty: '',
		'a number with a fraction': 1.5,
		'a number that was rounded': 2 ** 53,
		true: true,
		'an array': ['evt_bad'],
		'an object': {},
		'257 characters': 'x'.repeat(257),
	}).flatMap(([what, value]) => [
		withField(`an id that is ${what}`, { id: value }),
		withField(`a type that is ${what}`, { type: value }),
	]),
	withField('a type that is a number', { type: 1 }),
];

const contentTypes: BadRequest[] = [
	withBody(
		'several parts',
		'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n',
		{ type: 'multipart/form-data; boundary=x', answer: UNAUTHORISED },
	),
	withBody('an unknown character set', whole, {
		type: 'application/json; charset=klingon',
		n8nAnswers: 422,
	}),
	withBody('an encoding that n8n does not unpack', brotliCompressSync(whole), {
		headers: ['Content-Encoding', 'br'],
		n8nAnswers: 422,
	}),
	withBody('said to be gzip', whole, { headers: ['Content-Encoding', 'gzip'], n8nAnswers: 500 }),
	// n8n unpacks it, and the signature is not over what comes out.
	withBody('gzip, signed as it was sent', gzipSync(whole), {
		headers: ['Content-Encoding', 'gzip'],
		n8nAnswers: 401,
	}),
	withBody('gzip that breaks off', gzipSync(whole).subarray(0, 20), {
		headers: ['Content-Encoding', 'gzip'],
		n8nAnswers: 500,
	}),
];

const methods: BadRequest[] = ['GET', 'PUT', 'PATCH', 'DELETE', 'HEAD'].map((method) => ({
	...oneLine(`a good one with ${method}`, (good) => good),
	name: `method: ${method}`,
	build: (secret) => ({
		method,
		headers: [...JSON_TYPE, SIGNATURE, sign(whole, secret)],
		body: whole,
	}),
	n8nAnswers: 404,
}));

/** What must not get in, each valid but for one thing. */
export const BAD_REQUESTS: BadRequest[] = [...signatures, ...bodies, ...contentTypes, ...methods];
