import { describe, expect, it } from '@jest/globals';

import { describeFailure, isOutcomeUnknown } from '../../../nodes/shared/api/error.ts';
import type { ApiFailure } from '../../../nodes/shared/api/failure.ts';

const ORIGIN = 'https://api.mindpeeker.com';
const httpFailure = (status: number, serviceText?: string, retryAfter?: string): ApiFailure => ({
	kind: 'http',
	status,
	serviceText,
	retryAfter,
});

const describeInFull = (failure: ApiFailure) => {
	const { message, hint } = describeFailure(failure, ORIGIN);
	return `${message} ${hint}`;
};

describe('describeFailure', () => {
	it.each<[string, ApiFailure, RegExp]>([
		[
			'refused connection',
			{ kind: 'network', cause: 'connect ECONNREFUSED 10.0.0.1' },
			/could not be reached at api\.mindpeeker\.com: the connection was refused.*network/,
		],
		[
			'invalid key',
			httpFailure(401, 'Invalid API key'),
			/does not accept the API key \(401: Invalid API key\).*valid key/,
		],
		[
			'missing permission',
			httpFailure(403),
			/API key does not have permission for this.*\(403\).*key/,
		],
		[
			'rate limit',
			httpFailure(429, 'Slow down', '17'),
			/rate limit.*\(429: Slow down\).*17 seconds/,
		],
		['rate limit without a time', httpFailure(429), /Wait a minute/],
		[
			'rate limit with a date',
			httpFailure(429, undefined, 'Wed, 21 Oct 2026 07:28:00 GMT'),
			/Wait a minute/,
		],
		[
			'service error',
			httpFailure(503, 'Maintenance.'),
			/failed to process the request \(503: Maintenance\).*few minutes/,
		],
		[
			'redirect',
			httpFailure(302),
			/^The server at api\.mindpeeker\.com sent a redirect \(302\)\. Redirects are not followed, to protect the API key\. Check.*base URL.*firewall/,
		],
		[
			'redirect to another host',
			{ kind: 'http', status: 302, redirect: { host: 'login.example.com', isToHttps: false } },
			/sent a redirect to login\.example\.com \(302\)\. .* Check.*base URL.*firewall/,
		],
		[
			'redirect to HTTPS',
			{ kind: 'http', status: 301, redirect: { host: 'api.mindpeeker.com', isToHttps: true } },
			/redirect .*\(301\)\. .*\. Start the base URL in the MindPeeker credential with https:/,
		],
		['unknown path', httpFailure(404), /\(404\).*base URL/],
		[
			'conflict',
			httpFailure(409, 'url taken'),
			/already exists in MindPeeker \(409: url taken\).*delete it/,
		],
		[
			'rejected parameter',
			httpFailure(422, 'url must be https'),
			/rejected the request \(422: url must be https\).*Check the parameters/,
		],
		[
			'other service',
			{ kind: 'invalid-response', problem: 'no list' },
			/not MindPeeker's API \(no list\).*base URL/,
		],
	])('describes: %s', (_, failure, text) => {
		expect(describeInFull(failure)).toMatch(text);
	});

	it.each<[number, RegExp]>([
		[299, /rejected the request/],
		[300, /a redirect \(300\)/],
		[399, /a redirect \(399\)/],
		[400, /rejected the request/],
		[499, /rejected the request/],
		[500, /failed to process/],
	])('describes status %d', (status, text) => {
		expect(describeInFull(httpFailure(status))).toMatch(text);
	});

	it.each([
		['17', 'Wait 17 seconds, then try again.'],
		['17 s', 'Wait a minute, then try again.'],
		['in 17', 'Wait a minute, then try again.'],
		['', 'Wait a minute, then try again.'],
		['9'.repeat(7), 'Wait a minute, then try again.'],
	])('describes Retry-After %j: %s', (retryAfter, hint) => {
		expect(describeFailure(httpFailure(429, undefined, retryAfter), ORIGIN).hint).toBe(hint);
	});

	it.each([401, 403])('suspects an intermediary if a %d has an unknown format', (status) => {
		const proxyHint = /If the key is correct, a firewall or proxy may have responded/;
		const unknown = describeInFull({ kind: 'http', status, hasUnknownFormat: true });
		expect(unknown).toMatch(/API key/);
		expect(unknown).toMatch(proxyHint);
		expect(describeInFull(httpFailure(status))).toBe(
			unknown.replace(/ If the key is correct, .*/, ''),
		);
	});

	it('describes an invalid base URL', () => {
		expect(describeInFull({ kind: 'no-base-url' })).toMatch(
			/^The base URL in the MindPeeker credential is not an http or https URL\. Enter a URL such as http:/,
		);
	});

	it('names a missing resource', () => {
		const failure: ApiFailure = { kind: 'http', status: 404, subject: 'webhook wh_1' };
		expect(describeInFull(failure)).toMatch(
			/^MindPeeker has no webhook wh_1 \(404\)\. Check the ID, and that/,
		);
	});

	it('sanitizes IDs', () => {
		const failure: ApiFailure = {
			kind: 'http',
			status: 404,
			subject: 'webhook a\n\u001bAuthorization EPERM',
		};
		expect(describeInFull(failure)).toMatch(/^MindPeeker has no webhook a … EPERM \(404\)\./);
	});

	it('uses the error texts of a request', () => {
		const errorTexts = { 409: { message: 'It already exists', hint: 'Delete it.' } };
		const failure: ApiFailure = { kind: 'http', status: 409, errorTexts, serviceText: 'taken' };
		expect(describeInFull(failure)).toBe('It already exists (409: taken). Delete it.');
		expect(describeInFull({ ...failure, status: 400 })).toMatch(/^MindPeeker rejected the request/);
	});

	const hintIfUncertain = 'Look first.';
	it.each<[ApiFailure, RegExp]>([
		[{ kind: 'network', cause: '', hintIfUncertain }, / Look first\.$/],
		[{ kind: 'http', status: 500, hintIfUncertain }, / Look first\.$/],
		[{ kind: 'invalid-response', problem: 'x', hintIfUncertain }, / Look first\.$/],
		[{ kind: 'http', status: 400, hintIfUncertain }, /Check the parameters/],
	])('uses hintIfUncertain if the request may have succeeded: %j', (failure, text) => {
		expect(describeInFull(failure)).toMatch(text);
	});

	it.each([
		['  too   many\n\twebhooks. ', 'too many webhooks'],
		['e.g. one. Or two', 'e.g. one. Or two'],
		['ECONNREFUSED', '…'],
		['an Authorization is missing', 'an … is missing'],
		['ECONN: ECONNRESET, ERRADDRX, EADDRINUSE, EHOSTDOWN, EACCES', '…: …, …, …, …, …'],
		[
			'getaddrinfo ENOTFOUND, EAI_AGAIN, ENOENT, EISDIR, ENOTDIR, EEXIST, EPERM, ETIMEDOUT',
			'… …, …, …, …, …, …, …, …',
		],
	])('quotes the service text %j as %j', (serviceText, quoted) => {
		expect(describeFailure(httpFailure(400, serviceText), ORIGIN).message).toBe(
			`MindPeeker rejected the request (400: ${quoted}).`,
		);
	});

	it('avoids the word that ends the retries of n8n at startup', () => {
		const failures: ApiFailure[] = [
			httpFailure(401),
			httpFailure(403),
			httpFailure(500),
			{ kind: 'network', cause: '' },
		];
		for (const failure of failures) expect(describeInFull(failure)).not.toMatch(/authorization/i);
	});

	it('shortens long service texts to one line', () => {
		const text = describeInFull(httpFailure(400, 'bad\n'.repeat(10_000)));
		expect(text.length).toBeLessThan(500);
		expect(text).not.toContain('\n');
	});
});

describe('isOutcomeUnknown', () => {
	it.each<[ApiFailure, boolean]>([
		[{ kind: 'network', cause: 'ECONNRESET' }, true],
		[httpFailure(500), true],
		[httpFailure(504), true],
		[{ kind: 'invalid-response', problem: '' }, true],
		[{ kind: 'no-base-url' }, false],
		[httpFailure(400), false],
		[httpFailure(401), false],
		[httpFailure(429), false],
	])('%j: %s', (failure, isUnknown) => expect(isOutcomeUnknown(failure)).toBe(isUnknown));
});
