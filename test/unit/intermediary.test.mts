import { describe, expect, it } from '@jest/globals';

import { describeFault, type ApiFault, type Refusal } from '../../nodes/shared/apiFault.ts';

const ORIGIN = 'https://api.mindpeeker.com';
const page = { isMarkup: true, title: 'Just a moment...', wantsHttps: false };
const refused = (status: number, known: Partial<Refusal> = {}): ApiFault => ({
	kind: 'refused',
	status,
	intermediary: page,
	...known,
});
const textOf = (fault: ApiFault, origin = ORIGIN) => {
	const { message, advice } = describeFault(fault, origin);
	return `${message} ${advice}`;
};

describe('what answers in place of MindPeeker is said to be no part of it', () => {
	it.each<[number, RegExp]>([
		[
			400,
			/a firewall, a proxy or another web server did \(400, page "Just a moment\.\.\."\)\. Ask/,
		],
		[401, /another web server did, which asks for a login of its own \(401, .*to allow/],
		[
			403,
			/a firewall, a proxy or .* did \(403, .*administrator of your firewall or proxy, to allow/,
		],
		[404, /another web server or a proxy did \(404, .*base URL.*including its version.*firewall/],
		[407, /the proxy of this n8n asks for a login \(407, .*HTTPS_PROXY.*user:password/],
		[409, /a firewall, a proxy or another web server did \(409/],
		[429, /the rate limit of a gateway in front of it is used up \(429, .*\. Wait a minute/],
		[451, /a firewall, a proxy or another web server did \(451/],
		[500, /a gateway or proxy in front of it did \(500, .*\. Try again in a few minutes.*ask/],
		[502, /a gateway or proxy in front of it did \(502/],
		[511, /the network of this n8n asks for a login \(511, .*\. Log in to this network/],
		[530, /a gateway or proxy in front of it did \(530/],
	])('%d', (status, text) => {
		expect(textOf(refused(status))).toMatch(
			/^MindPeeker (did not answer|could not be reached) at api\.mindpeeker\.com: /,
		);
		expect(textOf(refused(status))).toMatch(text);
		expect(textOf(refused(status))).not.toContain('API key');
	});

	it.each([407, 511])('%d is never from MindPeeker, whatever it says', (status) => {
		const fault: ApiFault = { kind: 'refused', status, serviceText: 'No' };
		expect(textOf(fault)).toMatch(new RegExp(`asks for a login \\(${status}\\)\\.`));
	});

	it("has no part in a call's own words for a status", () => {
		const texts = { 409: { message: 'There is one already', advice: 'Delete it.' } };
		expect(textOf(refused(409, { texts }))).toMatch(/^MindPeeker did not answer/);
	});

	it('says when to come back', () => {
		expect(textOf(refused(429, { retryAfter: '17' }))).toMatch(
			/ Wait 17 seconds, then try again\.$/,
		);
	});

	it('may have passed the request on before it failed', () => {
		expect(textOf(refused(504, { adviceIfDone: 'Look first.' }))).toMatch(/ Look first\.$/);
		expect(textOf(refused(403, { adviceIfDone: 'Look first.' }))).not.toContain('Look first.');
	});

	it('wants HTTPS where it says so', () => {
		const fault = refused(400, { intermediary: { ...page, wantsHttps: true } });
		expect(textOf(fault, 'http://127.0.0.1:8443')).toMatch(
			/^MindPeeker could not be reached at 127\.0\.0\.1:8443: the server expects HTTPS, and the base URL begins with http:\/\/ \(400, .*Begin the base URL .* with https:/,
		);
		// A gateway may ask the next server without.
		expect(textOf(fault)).toMatch(/a firewall, a proxy or another web server did/);
	});

	it.each<[Refusal['intermediary'], string]>([
		[page, '403, page "Just a moment..."'],
		[{ ...page, title: '' }, '403, page without a title'],
		[{ ...page, isMarkup: false, title: 'error code: 1020' }, '403, text "error code: 1020"'],
		[{ ...page, server: 'cloudflare' }, '403, page "Just a moment...", server "cloudflare"'],
		[{ login: 'Basic' }, '403, Basic login'],
		[{ ...page, title: ' a\n\u202eb\u0007 ' }, '403, page "a b"'],
		[{ ...page, title: '401 Authorization Required' }, '403, page "401 … Required"'],
		[{ ...page, title: 'ECONNREFUSED' }, '403, page "…"'],
		[{ ...page, title: 'x'.repeat(5_000) }, `403, page "${'x'.repeat(99)}…"`],
		[{ ...page, title: `${'x'.repeat(98)}😀yz` }, `403, page "${'x'.repeat(98)}…"`],
		[{ ...page, title: 'x'.repeat(100) }, `403, page "${'x'.repeat(100)}"`],
		[{ server: 'x'.repeat(5_000) }, `403, server "${'x'.repeat(99)}…"`],
	])('is quoted in one line: %j', (intermediary, details) => {
		expect(describeFault(refused(403, { intermediary }), ORIGIN).message).toBe(
			`MindPeeker did not answer at api.mindpeeker.com: a firewall, a proxy or another web server did (${details}).`,
		);
	});

	it('and is asked to let n8n through where it says that all is well', () => {
		const fault: ApiFault = { kind: 'unintelligible', detail: '200, page "Log in"' };
		expect(textOf(fault)).toMatch(
			/^What answered at api\.mindpeeker\.com is not MindPeeker's API \(200, page "Log in"\)\. Check .* credential\.$/,
		);
		expect(textOf({ ...fault, intermediary: page })).toMatch(
			/ask the administrator of your firewall/,
		);
	});
});
