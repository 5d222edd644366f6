import { describe, expect, it } from '@jest/globals';

import { readFailure, readTextResponse } from '../../../nodes/shared/api/response.ts';
import type { ResponseBody } from '../../../nodes/shared/api/transport.ts';

const REQUEST_URL = 'http://api.example.com/v1/webhooks';
const redact = (text: string) => text.replaceAll('key_1', '…');
const PAGE = '<html><title>Hello key_1</title></html>';
const readWithStatus = (status: number, body: ResponseBody, headers = {}) =>
	readFailure({ status, headers, body }, REQUEST_URL, redact);
const apiError = { code: 'invalid_request', message: 'No key_1', param: 'events[0]' };

describe('readFailure', () => {
	it('reads the error code, message and parameter of the API', () => {
		expect(readWithStatus(422, { json: { error: apiError } })).toEqual({
			status: 422,
			code: 'invalid_request',
			param: 'events[0]',
			serviceText: 'No …',
			hasUnknownFormat: false,
		});
	});

	it.each([
		[{ code: 7, param: { a: 1 }, message: null }],
		[{ code: '', param: '', message: '' }],
		[{}],
	])('ignores an error code, message and parameter that are not strings: %j', (error) => {
		const { code, param, serviceText } = readWithStatus(422, { json: { error } });
		expect([code, param, serviceText]).toEqual([undefined, undefined, undefined]);
	});

	it('redacts secrets', () => {
		const error = { code: 'key_1', param: 'key_1', message: 'key_1' };
		expect(JSON.stringify(readWithStatus(422, { json: { error } }))).not.toContain('key_1');
		for (const text of [PAGE, PAGE.replace('key_1', 'key&#95;1'), 'key_1']) {
			const read = readWithStatus(403, { text }, { server: 'key_1' });
			expect(JSON.stringify(read)).not.toContain('key_1');
		}
		const location = 'http://key_1.example.com/';
		expect(JSON.stringify(readWithStatus(302, { json: '' }, { location }))).not.toContain('key_1');
	});

	it.each<[unknown, string | undefined]>([
		[{ error: 'Denied' }, 'Denied'],
		[{ message: 'Denied' }, 'Denied'],
		[{ error: { message: 'Denied' }, message: 'Other' }, 'Denied'],
		[{ error: { code: 'x' }, message: 'Denied' }, 'Denied'],
		[{ error: 'invalid', error_description: 'Other' }, 'invalid'],
		[{ error_description: 'Denied' }, 'Denied'],
		[{ type: 'about:blank', title: 'Forbidden', detail: 'Denied' }, 'Denied'],
		[{ title: 'Denied' }, 'Denied'],
		[{ success: false, errors: [{ code: 1, message: 'Denied' }] }, 'Denied'],
		[{ errors: ['Denied'] }, 'Denied'],
		[{ errors: [] }, undefined],
		[{ errors: null }, undefined],
		[[{ message: 'Denied' }], undefined],
		['Denied', undefined],
		[null, undefined],
		['', undefined],
	])('reads the message of other formats: %j', (json, serviceText) => {
		expect(readWithStatus(403, { json })).toMatchObject({ serviceText });
		expect(readWithStatus(403, { json }).intermediary).toBeUndefined();
	});

	it.each<[boolean, ResponseBody]>([
		[false, { json: { error: {} } }],
		[true, { json: { error: 'Denied' } }],
		[true, { json: { message: 'Denied' } }],
		[true, { json: '' }],
		[true, { problem: 'its response is larger than 1 MiB' }],
	])('sets hasUnknownFormat to %s for %j', (hasUnknownFormat, body) => {
		expect(readWithStatus(403, body)).toMatchObject({ hasUnknownFormat });
	});

	it.each([401, 403, 404, 429, 500])('detects an intermediary if a %d is not JSON', (status) => {
		const headers = { server: 'nginx', 'retry-after': '7' };
		expect(readWithStatus(status, { text: PAGE }, headers)).toEqual({
			status,
			retryAfter: '7',
			intermediary: {
				isMarkup: true,
				title: 'Hello …',
				expectsHttps: false,
				login: undefined,
				server: 'nginx',
			},
		});
	});

	it.each<[string, string | undefined]>([
		['Basic realm="Restricted"', 'Basic'],
		['Digest nonce="x"', 'Digest'],
		['Negotiate', 'Negotiate'],
		['Bearer realm="api"', undefined],
		['bearer', undefined],
		['ApiKey', undefined],
		['X-API-Key', undefined],
		['NotBearer', 'NotBearer'],
		['Api-Keyed', 'Api-Keyed'],
		['"Basic', undefined],
		['', undefined],
		['"', undefined],
	])('detects an intermediary by the login %j', (header, login) => {
		const headers = { 'www-authenticate': header };
		expect(readWithStatus(401, { json: '' }, headers).intermediary?.login).toBe(login);
		expect(readWithStatus(401, { text: 'No' }, headers).intermediary?.login).toBe(login);
		expect(
			readWithStatus(401, { json: { error: apiError } }, headers).intermediary,
		).toBeUndefined();
		expect(readWithStatus(401, { problem: 'x' }, headers).intermediary).toBeUndefined();
		expect(readWithStatus(403, { json: '' }, headers).intermediary).toBeUndefined();
	});

	it.each<[unknown, object | undefined]>([
		['https://login.example.com/in', { host: 'login.example.com', isToHttps: false }],
		['//login.example.com:8080', { host: 'login.example.com:8080', isToHttps: false }],
		['https://api.example.com/v1/webhooks', { host: 'api.example.com', isToHttps: true }],
		['/sign-in', { host: 'api.example.com', isToHttps: false }],
		['http://user:key_2@b.example.com/?q=1', { host: 'b.example.com', isToHttps: false }],
		['javascript:alert(1)', undefined],
		['http://[', undefined],
		['', undefined],
		[undefined, undefined],
		[['a'], undefined],
	])('reads the host of a redirect to %j', (location, redirect) => {
		const read = readWithStatus(302, { text: PAGE }, { location });
		expect(read).toEqual({ status: 302, redirect, retryAfter: undefined });
	});

	it('reads a redirect only from a 3xx', () => {
		const location = 'https://login.example.com/';
		for (const status of [299, 400]) {
			expect(readWithStatus(status, { json: '' }, { location })).not.toHaveProperty('redirect');
		}
	});

	it('sets isToHttps only for the same host from HTTP to HTTPS', () => {
		const response = {
			status: 301,
			headers: { location: 'https://a.example.com/' },
			body: { json: '' },
		};
		for (const url of ['https://a.example.com/v1', 'http://b.example.com/v1']) {
			expect(readFailure(response, url, redact).redirect?.isToHttps).toBe(false);
		}
	});
});

describe('readTextResponse', () => {
	const read = (method: 'GET' | 'DELETE', body: Parameters<typeof readTextResponse>[0]['body']) =>
		readTextResponse({ status: 200, headers: { server: 'nginx' }, body }, method, redact);

	it.each(['GET', 'DELETE'] as const)('returns the problem of a body after a %s', (method) => {
		expect(read(method, { problem: 'too large' })).toEqual({ problem: 'too large' });
	});

	it.each(['GET', 'DELETE'] as const)('rejects an HTML page after a %s', (method) => {
		expect(read(method, { text: PAGE })).toMatchObject({
			problem: '200, page "Hello …", server "nginx"',
			intermediary: { title: 'Hello …' },
		});
	});

	it('accepts plain text except after a GET', () => {
		expect(read('DELETE', { text: 'OK' })).toEqual({ body: 'OK' });
		expect(read('GET', { text: 'OK' })).toMatchObject({
			problem: '200, text "OK", server "nginx"',
		});
	});
});
