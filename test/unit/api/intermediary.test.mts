import { describe, expect, it } from '@jest/globals';

import { expectLinearTime } from '../../support/linearTime.mts';
import { describeFailure } from '../../../nodes/shared/api/error.ts';
import type { ApiFailure, HttpFailure } from '../../../nodes/shared/api/failure.ts';
import { readWebPage } from '../../../nodes/shared/api/intermediary.ts';

const ORIGIN = 'https://api.mindpeeker.com';
const page = { isMarkup: true, title: 'Just a moment...', expectsHttps: false };
const httpFailure = (status: number, more: Partial<HttpFailure> = {}): ApiFailure => ({
	kind: 'http',
	status,
	intermediary: page,
	...more,
});
const describeInFull = (failure: ApiFailure, origin = ORIGIN) => {
	const { message, hint } = describeFailure(failure, origin);
	return `${message} ${hint}`;
};

describe('describeFailure, if an intermediary responded,', () => {
	it.each<[number, RegExp]>([
		[
			400,
			/a firewall, a proxy or another web server responded instead \(400, page "Just a moment\.\.\."\)\. Ask/,
		],
		[401, /another web server that requires a login responded instead \(401, .*to allow/],
		[
			403,
			/a firewall, a proxy or .* responded instead \(403, .*administrator of your firewall or proxy, to allow/,
		],
		[
			404,
			/a proxy or another web server responded instead \(404, .*base URL.*including its version.*firewall/,
		],
		[407, /the proxy of this n8n instance requires a login \(407, .*HTTPS_PROXY.*user:password/],
		[409, /a firewall, a proxy or another web server responded instead \(409/],
		[429, /the rate limit of a gateway in front of it was exceeded \(429, .*\. Wait a minute/],
		[451, /a firewall, a proxy or another web server responded instead \(451/],
		[500, /a gateway or proxy responded instead \(500, .*\. Try again in a few minutes.*ask/],
		[502, /a gateway or proxy responded instead \(502/],
		[511, /the network of this n8n instance requires a login \(511, .*\. Log in to this network/],
		[530, /a gateway or proxy responded instead \(530/],
	])('describes status %d', (status, text) => {
		expect(describeInFull(httpFailure(status))).toMatch(
			/^MindPeeker (did not respond|could not be reached) at api\.mindpeeker\.com: /,
		);
		expect(describeInFull(httpFailure(status))).toMatch(text);
		expect(describeInFull(httpFailure(status))).not.toContain('API key');
	});

	it.each([407, 511])('never attributes a %d to MindPeeker', (status) => {
		const failure: ApiFailure = { kind: 'http', status, serviceText: 'No' };
		expect(describeInFull(failure)).toMatch(new RegExp(`requires a login \\(${status}\\)\\.`));
	});

	it('ignores the error texts of a request', () => {
		const errorTexts = { 409: { message: 'It already exists', hint: 'Delete it.' } };
		expect(describeInFull(httpFailure(409, { errorTexts }))).toMatch(/^MindPeeker did not respond/);
	});

	it('describes Retry-After', () => {
		expect(describeInFull(httpFailure(429, { retryAfter: '17' }))).toMatch(
			/ Wait 17 seconds, then try again\.$/,
		);
	});

	it('uses hintIfUncertain if the request may have succeeded', () => {
		expect(describeInFull(httpFailure(504, { hintIfUncertain: 'Look first.' }))).toMatch(
			/ Look first\.$/,
		);
		expect(describeInFull(httpFailure(403, { hintIfUncertain: 'Look first.' }))).not.toContain(
			'Look first.',
		);
	});

	it('recommends HTTPS if the server expects it', () => {
		const failure = httpFailure(400, { intermediary: { ...page, expectsHttps: true } });
		expect(describeInFull(failure, 'http://127.0.0.1:8443')).toMatch(
			/^MindPeeker could not be reached at 127\.0\.0\.1:8443: the server expects HTTPS, but the base URL starts with http:\/\/ \(400, .*Start the base URL .* with https:/,
		);
		// A gateway may use HTTP for the next server.
		expect(describeInFull(failure)).toMatch(
			/a firewall, a proxy or another web server responded instead/,
		);
	});

	it.each<[HttpFailure['intermediary'], string]>([
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
	])('quotes details in one line: %j', (intermediary, details) => {
		expect(describeFailure(httpFailure(403, { intermediary }), ORIGIN).message).toBe(
			`MindPeeker did not respond at api.mindpeeker.com: a firewall, a proxy or another web server responded instead (${details}).`,
		);
	});

	it('recommends to allow n8n if an intermediary responded with 200', () => {
		const failure: ApiFailure = { kind: 'invalid-response', problem: '200, page "Log in"' };
		expect(describeInFull(failure)).toMatch(
			/^The server at api\.mindpeeker\.com is not MindPeeker's API \(200, page "Log in"\)\. Check .* credential\.$/,
		);
		expect(describeInFull({ ...failure, intermediary: page })).toMatch(
			/ask the administrator of your firewall/,
		);
	});
});

const readTitle = (text: string) => readWebPage(text).title;

describe('readWebPage', () => {
	it.each<[string, string]>([
		[
			'<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>',
			'Just a moment...',
		],
		['<TITLE lang="en">\n  Log in \n</TITLE>', 'Log in'],
		['\ufeff <html><title></title><h1 class="x">Not Found</h1>', 'Not Found'],
		['<titles>No</titles><h12>No</h12><title>Yes</title>', 'Yes'],
		['<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', 'AccessDenied'],
		['<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>', 'Access Denied'],
		['<html><body>It works!</body></html>', ''],
		['<html><head><title>Cut in the mid', 'Cut in the mid'],
		['<', ''],
		[
			'<title>a &amp; b &lt;c&gt; &quot;d&quot; &#39;e&#39; &#x2019; &apos;</title>',
			`a & b <c> "d" 'e' ’ '`,
		],
		['<title>&mdash;&ndash;&hellip;&nbsp;x &foo; &#x1f52e;&;</title>', '—–… x &foo; \u{1f52e}&;'],
	])('reads the title: %s', (page, title) => {
		expect(readWebPage(page)).toEqual({ isMarkup: true, title, expectsHttps: false });
	});

	it.each<[string, string]>([
		['error code: 1020', 'error code: 1020'],
		['\n\nno healthy upstream\r\nsecond line', 'no healthy upstream'],
		['a < b', 'a < b'],
	])('reads the first line of plain text: %j', (text, title) => {
		expect(readWebPage(text)).toEqual({ isMarkup: false, title, expectsHttps: false });
	});

	it.each([
		'<html><head><title>400 The plain HTTP request was sent to HTTPS port</title></head>',
		"<title>400 Bad Request</title><p>Reason: You're speaking plain HTTP to an SSL-enabled server port.",
		'Client sent an HTTP request to an HTTPS server.\n',
		'Bad Request\r\nThis combination of host and port requires TLS.\r\n',
	])('detects that HTTPS is expected: %s', (text) => {
		expect(readWebPage(text).expectsHttps).toBe(true);
	});

	it.each(['<title', '<title>', '<title ', '<h1', '&#1;', '&', '<message>', ' ', '\n'])(
		'takes linear time for many repetitions of %j',
		(part) => {
			expectLinearTime((size) => readTitle(`<html>${part.repeat(size)}`), 500);
		},
	);

	it('searches only the start', () => {
		expect(readTitle(`<html>${' '.repeat(64 * 1024)}<title>Late</title>`)).toBe('');
	});
});
