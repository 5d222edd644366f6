import { describe, expect, it } from '@jest/globals';

import type { AnswerBody } from '../../nodes/shared/answerBody.ts';
import { readRefusal, readSuccess } from '../../nodes/shared/apiResponse.ts';

const URL_HERE = 'http://api.example.com/v1/webhooks';
const redact = (text: string) => text.replaceAll('key_1', '…');
const PAGE = '<html><title>Hello key_1</title></html>';
const refusal = (status: number, content: AnswerBody, headers = {}) =>
	readRefusal({ status, headers, content }, URL_HERE, redact);
const apiError = { code: 'invalid_request', message: 'No key_1', param: 'events[0]' };

describe('a refusal', () => {
	it("of the API's form says code, text and parameter", () => {
		expect(refusal(422, { body: { error: apiError } })).toEqual({
			status: 422,
			code: 'invalid_request',
			param: 'events[0]',
			serviceText: 'No …',
			isUnclear: false,
		});
	});

	it.each([
		[{ code: 7, param: { a: 1 }, message: null }],
		[{ code: '', param: '', message: '' }],
		[{}],
	])('has no code, text and parameter that are no texts: %j', (error) => {
		const { code, param, serviceText } = refusal(422, { body: { error } });
		expect([code, param, serviceText]).toEqual([undefined, undefined, undefined]);
	});

	it('shows no secret', () => {
		const error = { code: 'key_1', param: 'key_1', message: 'key_1' };
		expect(JSON.stringify(refusal(422, { body: { error } }))).not.toContain('key_1');
		for (const text of [PAGE, PAGE.replace('key_1', 'key&#95;1'), 'key_1']) {
			const read = refusal(403, { text }, { server: 'key_1' });
			expect(JSON.stringify(read)).not.toContain('key_1');
		}
		const location = 'http://key_1.example.com/';
		expect(JSON.stringify(refusal(302, { body: '' }, { location }))).not.toContain('key_1');
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
	])('of another form may be from the API too: %j', (body, serviceText) => {
		expect(refusal(403, { body })).toMatchObject({ serviceText });
		expect(refusal(403, { body }).intermediary).toBeUndefined();
	});

	it.each<[boolean, AnswerBody]>([
		[false, { body: { error: {} } }],
		[true, { body: { error: 'Denied' } }],
		[true, { body: { message: 'Denied' } }],
		[true, { body: '' }],
		[true, { flaw: 'its answer is larger than 1 MiB' }],
	])('is unclear (%s) in the form %j', (isUnclear, content) => {
		expect(refusal(403, content)).toMatchObject({ isUnclear });
	});

	it.each([401, 403, 404, 429, 500])('%d that is not JSON is not from the API', (status) => {
		const headers = { server: 'nginx', 'retry-after': '7' };
		expect(refusal(status, { text: PAGE }, headers)).toEqual({
			status,
			retryAfter: '7',
			intermediary: {
				isMarkup: true,
				title: 'Hello …',
				wantsHttps: false,
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
	])('that asks for the login %j is from the API unless it wants another one', (asked, login) => {
		const headers = { 'www-authenticate': asked };
		expect(refusal(401, { body: '' }, headers).intermediary?.login).toBe(login);
		expect(refusal(401, { text: 'No' }, headers).intermediary?.login).toBe(login);
		expect(refusal(401, { body: { error: apiError } }, headers).intermediary).toBeUndefined();
		expect(refusal(401, { flaw: 'x' }, headers).intermediary).toBeUndefined();
		expect(refusal(403, { body: '' }, headers).intermediary).toBeUndefined();
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
	])('that is a redirect to %j says the host', (location, redirect) => {
		const read = refusal(302, { text: PAGE }, { location });
		expect(read).toEqual({ status: 302, redirect, retryAfter: undefined });
	});

	it('is no redirect with another status', () => {
		const location = 'https://login.example.com/';
		for (const status of [299, 400]) {
			expect(refusal(status, { body: '' }, { location })).not.toHaveProperty('redirect');
		}
	});

	it('from HTTPS to HTTPS leads to no better scheme', () => {
		const answer = {
			status: 301,
			headers: { location: 'https://a.example.com/' },
			content: { body: '' },
		};
		for (const url of ['https://a.example.com/v1', 'http://b.example.com/v1']) {
			expect(readRefusal(answer, url, redact).redirect?.isToHttps).toBe(false);
		}
	});
});

describe('a success', () => {
	const read = (method: 'GET' | 'DELETE', content: AnswerBody) =>
		readSuccess({ status: 200, headers: { server: 'nginx' }, content }, method, redact);

	it.each(['GET', 'DELETE'] as const)('of a %s is what the body says', (method) => {
		for (const body of [{ id: 1 }, [], null, '']) expect(read(method, { body })).toEqual({ body });
		expect(read(method, { flaw: 'too large' })).toEqual({ detail: 'too large' });
	});

	it.each(['GET', 'DELETE'] as const)('of a %s is none if it is a page', (method) => {
		expect(read(method, { text: PAGE })).toMatchObject({
			detail: '200, page "Hello …", server "nginx"',
			intermediary: { title: 'Hello …' },
		});
	});

	it('may be a text where nothing was asked for', () => {
		expect(read('DELETE', { text: 'OK' })).toEqual({ body: 'OK' });
		expect(read('GET', { text: 'OK' })).toMatchObject({ detail: '200, text "OK", server "nginx"' });
	});
});
