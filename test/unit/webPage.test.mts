import { describe, expect, it } from '@jest/globals';
import { expectLinearTime } from '../support/growth.mts';

import { readWebPage } from '../../nodes/shared/webPage.ts';

const titleOf = (text: string) => readWebPage(text).title;

describe('a response that is not JSON', () => {
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
	])('is told by its title: %s', (page, title) => {
		expect(readWebPage(page)).toEqual({ isMarkup: true, title, wantsHttps: false });
	});

	it.each<[string, string]>([
		['error code: 1020', 'error code: 1020'],
		['\n\nno healthy upstream\r\nsecond line', 'no healthy upstream'],
		['a < b', 'a < b'],
	])('is told by its first line: %j', (text, title) => {
		expect(readWebPage(text)).toEqual({ isMarkup: false, title, wantsHttps: false });
	});

	it.each([
		'<html><head><title>400 The plain HTTP request was sent to HTTPS port</title></head>',
		"<title>400 Bad Request</title><p>Reason: You're speaking plain HTTP to an SSL-enabled server port.",
		'Client sent an HTTP request to an HTTPS server.\n',
		'Bad Request\r\nThis combination of host and port requires TLS.\r\n',
	])('may say that HTTPS is expected: %s', (text) => {
		expect(readWebPage(text).wantsHttps).toBe(true);
	});

	it.each(['<title', '<title>', '<title ', '<h1', '&#1;', '&', '<message>', ' ', '\n'])(
		'is read in linear time, however often it says %j',
		(part) => {
			expectLinearTime((size) => titleOf(`<html>${part.repeat(size)}`), 10_000);
		},
	);

	it('is not searched to its end', () => {
		expect(titleOf(`<html>${' '.repeat(64 * 1024)}<title>Late</title>`)).toBe('');
	});
});
