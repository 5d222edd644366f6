import { describe, expect, it } from '@jest/globals';

import { describeFault, isOutcomeUnknown, type ApiFault } from '../../nodes/shared/apiFault.ts';

const ORIGIN = 'https://api.mindpeeker.com';
const refused = (status: number, serviceText?: string, retryAfter?: string): ApiFault => ({
	kind: 'refused',
	status,
	serviceText,
	retryAfter,
});

const textOf = (fault: ApiFault) => {
	const { message, advice } = describeFault(fault, ORIGIN);
	return `${message} ${advice}`;
};

describe('the text of a fault says what happened and what to do', () => {
	it.each<[string, ApiFault, RegExp]>([
		[
			'refused connection',
			{ kind: 'unreachable', cause: 'connect ECONNREFUSED 10.0.0.1' },
			/could not be reached at api\.mindpeeker\.com: the connection was refused.*network/,
		],
		[
			'wrong key',
			refused(401, 'Invalid API key'),
			/does not accept the API key \(401: Invalid API key\).*valid key/,
		],
		['missing permission', refused(403), /does not allow this.*\(403\).*key/],
		['rate limit', refused(429, 'Slow down', '17'), /rate limit.*\(429: Slow down\).*17 seconds/],
		['rate limit without a time', refused(429), /Wait a minute/],
		[
			'rate limit with a date',
			refused(429, undefined, 'Wed, 21 Oct 2026 07:28:00 GMT'),
			/Wait a minute/,
		],
		[
			'fault of the service',
			refused(503, 'Maintenance.'),
			/failed to process the request \(503: Maintenance\).*few minutes/,
		],
		[
			'redirect',
			refused(302),
			/^What answered at api\.mindpeeker\.com sent a redirect \(302\), which is not followed with an API key\. Check.*base URL.*firewall/,
		],
		[
			'redirect to another host',
			{ kind: 'refused', status: 302, redirect: { host: 'login.example.com', isToHttps: false } },
			/redirect \(302\), .*\. It leads to login\.example\.com\. Check.*base URL.*firewall/,
		],
		[
			'redirect to HTTPS',
			{ kind: 'refused', status: 301, redirect: { host: 'api.mindpeeker.com', isToHttps: true } },
			/redirect \(301\), .*\. Begin the base URL in the MindPeeker credential with https:/,
		],
		['missing path', refused(404), /\(404\).*base URL/],
		['taken url', refused(409, 'url taken'), /has this already \(409: url taken\).*remove it/],
		[
			'rejected input',
			refused(422, 'url must be https'),
			/rejected the request \(422: url must be https\).*Check what was entered/,
		],
		[
			'another service',
			{ kind: 'unintelligible', detail: 'no list' },
			/not MindPeeker's API \(no list\).*base URL/,
		],
	])('%s', (_, fault, text) => {
		expect(textOf(fault)).toMatch(text);
	});

	it.each<[number, RegExp]>([
		[299, /rejected the request/],
		[300, /a redirect \(300\)/],
		[399, /a redirect \(399\)/],
		[400, /rejected the request/],
		[499, /rejected the request/],
		[500, /failed to process/],
	])('%d', (status, text) => expect(textOf(refused(status))).toMatch(text));

	it.each([
		['17', 'Wait 17 seconds, then try again.'],
		['17 s', 'Wait a minute, then try again.'],
		['in 17', 'Wait a minute, then try again.'],
		['', 'Wait a minute, then try again.'],
		['9'.repeat(7), 'Wait a minute, then try again.'],
	])('Retry-After of %j: %s', (retryAfter, advice) => {
		expect(describeFault(refused(429, undefined, retryAfter), ORIGIN).advice).toBe(advice);
	});

	it.each([401, 403])('%d in another form than the API has leaves a doubt', (status) => {
		const doubt = /If the key is right, a firewall or proxy may have answered/;
		expect(textOf({ kind: 'refused', status, isUnclear: true })).toMatch(/API key/);
		expect(textOf({ kind: 'refused', status, isUnclear: true })).toMatch(doubt);
		expect(textOf(refused(status))).toBe(
			textOf({ kind: 'refused', status, isUnclear: true }).replace(/ If the key is right, .*/, ''),
		);
	});

	it('of a base url that is none', () => {
		expect(textOf({ kind: 'no-base-url' })).toMatch(
			/^The base URL in the MindPeeker credential is not an http or https URL\. Enter one, such as http:/,
		);
	});

	it('of what there is nothing of', () => {
		const fault: ApiFault = { kind: 'refused', status: 404, subject: 'webhook wh_1' };
		expect(textOf(fault)).toMatch(
			/^MindPeeker has no webhook wh_1 \(404\)\. Check the ID, and that/,
		);
	});

	it('of an id that the log and n8n would take for something else', () => {
		const fault: ApiFault = {
			kind: 'refused',
			status: 404,
			subject: 'webhook a\n\u001bAuthorization EPERM',
		};
		expect(textOf(fault)).toMatch(/^MindPeeker has no webhook a … EPERM \(404\)\./);
	});

	it("in a call's own words where it has some for the status", () => {
		const texts = { 409: { message: 'There is one already', advice: 'Delete it.' } };
		const fault: ApiFault = { kind: 'refused', status: 409, texts, serviceText: 'taken' };
		expect(textOf(fault)).toBe('There is one already (409: taken). Delete it.');
		expect(textOf({ ...fault, status: 400 })).toMatch(/^MindPeeker rejected the request/);
	});

	it.each<[ApiFault, RegExp]>([
		[{ kind: 'unreachable', cause: '', adviceIfDone: 'Look first.' }, / Look first\.$/],
		[{ kind: 'refused', status: 500, adviceIfDone: 'Look first.' }, / Look first\.$/],
		[{ kind: 'unintelligible', detail: 'x', adviceIfDone: 'Look first.' }, / Look first\.$/],
		[{ kind: 'refused', status: 400, adviceIfDone: 'Look first.' }, /Check what was entered/],
	])('%j with what to do where the call may have had its effect', (fault, text) => {
		expect(textOf(fault)).toMatch(text);
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
	])('quotes %j as %j', (said, quoted) => {
		expect(describeFault(refused(400, said), ORIGIN).message).toBe(
			`MindPeeker rejected the request (400: ${quoted}).`,
		);
	});

	it('without the word by which n8n gives up at a start-up', () => {
		const faults: ApiFault[] = [
			refused(401),
			refused(403),
			refused(500),
			{ kind: 'unreachable', cause: '' },
		];
		for (const fault of faults) expect(textOf(fault)).not.toMatch(/authorization/i);
	});

	it('in one line, however long the service talks', () => {
		const text = textOf(refused(400, 'bad\n'.repeat(10_000)));
		expect(text.length).toBeLessThan(500);
		expect(text).not.toContain('\n');
	});
});

describe('a call may have had its effect', () => {
	it.each<[ApiFault, boolean]>([
		[{ kind: 'unreachable', cause: 'ECONNRESET' }, true],
		[refused(500), true],
		[refused(504), true],
		[{ kind: 'unintelligible', detail: '' }, true],
		[{ kind: 'no-base-url' }, false],
		[refused(400), false],
		[refused(401), false],
		[refused(429), false],
	])('%j: %s', (fault, unknown) => expect(isOutcomeUnknown(fault)).toBe(unknown));
});
