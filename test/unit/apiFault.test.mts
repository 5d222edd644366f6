import { describe, expect, it } from 'vitest';

import { describeFault, isOutcomeUnknown, type ApiFault } from '../../nodes/shared/apiFault.ts';

const host = 'api.mindpeeker.com';
const refused = (status: number, serviceText?: string, retryAfter?: string): ApiFault => ({
	kind: 'refused',
	status,
	serviceText,
	retryAfter,
});

const textOf = (fault: ApiFault) => {
	const { message, advice } = describeFault(fault, host);
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
			'unknown host',
			{ kind: 'unreachable', cause: 'getaddrinfo ENOTFOUND x' },
			/could not be resolved.*environment/,
		],
		['no answer', { kind: 'unreachable', cause: 'ECONNABORTED' }, /no answer came in time/],
		[
			'other network fault',
			{ kind: 'unreachable', cause: 'socket hang up' },
			/the connection failed/,
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
		['redirect', refused(302), /redirect \(302\).*base URL/],
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

	it('without the word by which n8n gives up at a start-up', () => {
		const faults: ApiFault[] = [
			refused(401),
			refused(403),
			refused(500),
			{ kind: 'unreachable', cause: '' },
		];
		for (const fault of faults) expect(textOf(fault)).not.toMatch(/authorization/i);
	});

	it('without codes, for which n8n would put a text of its own', () => {
		for (const cause of ['ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT', 'ECONNRESET', 'EUNKNOWN']) {
			expect(textOf({ kind: 'unreachable', cause })).not.toMatch(/\bE[A-Z]{4,}/);
		}
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
