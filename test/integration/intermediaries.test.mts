import type { RequestHandler } from 'express';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import type { MindPeekerError } from '../../nodes/shared/mindPeekerError.ts';
import { startSimulator, type Simulator } from '../../simulator/index.mts';
import { HostileService } from '../support/hostileService.mts';
import { byId, NodeHost, textOf } from './harness/nodeHost.mts';
import { OPERATIONS, parametersFor } from './harness/operations.mts';
import { TriggerHost } from './harness/triggerHost.mts';
import { useCheapDigests } from './harness/cheapDigest.mts';

useCheapDigests();

const API_KEY = 'key_of_the_account';
const SESSION = { sessionType: 'dowsing', target: 'A well' };
let service: HostileService;
let trigger: TriggerHost;
let host: NodeHost;

beforeEach(async () => {
	service = new HostileService();
	await service.start();
	const credential = { apiKey: API_KEY, environment: 'custom', baseUrl: service.origin };
	const parameters = { events: ['session.completed'] };
	trigger = await new TriggerHost({ parameters, credential }).start();
	host = new NodeHost({ apiKey: API_KEY, baseUrl: service.origin } as Simulator);
});
afterEach(async () => {
	await trigger.stop();
	await service.stop();
});

const publishing = async () => await textOf(trigger.publish());
const page = (title: string) =>
	`<!DOCTYPE html><html><head><title>${title}</title></head><body>Ray ID: 1</body></html>`;
const html =
	(status: number, title: string, headers = {}): RequestHandler =>
	(_request, response) =>
		void response.status(status).set(headers).type('html').send(page(title));
const text =
	(status: number, body: string, headers = {}): RequestHandler =>
	(_request, response) =>
		void response.status(status).set(headers).type('text').send(body);
const json =
	(status: number, body: unknown): RequestHandler =>
	(_request, response) =>
		void response.status(status).json(body);
/** Answers with each in turn, and with the last of them from then on. */
const inTurn = (...answers: RequestHandler[]): RequestHandler =>
	function (request, response, next) {
		const answer = answers.length > 1 ? answers.shift() : answers[0];
		return answer?.(request, response, next);
	};
const byMethod = (answers: Record<string, RequestHandler>): RequestHandler =>
	function (request, response, next) {
		return answers[request.method]?.(request, response, next);
	};

describe('what stands in front of MindPeeker', () => {
	it.each<[string, RequestHandler, RegExp]>([
		[
			'a firewall of Cloudflare',
			html(403, 'Just a moment...', { server: 'cloudflare' }),
			/a firewall, a proxy or another web server did \(403, page "Just a moment\.\.\.", server "cloudflare"\)\. .* to allow the requests of this n8n/,
		],
		[
			'a firewall that answers in a line',
			text(403, 'error code: 1020'),
			/web server did \(403, text "error code: 1020"\)\. .* firewall/,
		],
		[
			'a firewall that answers in XML',
			text(403, '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>'),
			/web server did \(403, page "AccessDenied"\)/,
		],
		[
			'a web server with a login',
			html(401, '401 Authorization Required', { 'www-authenticate': 'Basic realm="Internal"' }),
			/asks for a login of its own \(401, page "401 … Required", Basic login\)/,
		],
		[
			'a web server with a login that says no word',
			text(401, '', { 'www-authenticate': 'Negotiate' }),
			/asks for a login of its own \(401, Negotiate login\)/,
		],
		[
			'another web server',
			html(404, '404 Not Found', { server: 'nginx/1.26.0' }),
			/another web server or a proxy did \(404, page "404 Not Found", server "nginx\/1\.26\.0"\)\. Check the environment and the base URL/,
		],
		['a proxy', html(407, 'Cache'), /the proxy of this n8n asks for a login \(407, page "Cache"\)/],
		[
			'a rate limit',
			html(429, 'Slow', { 'retry-after': '90' }),
			/the rate limit of a gateway .* \(429, page "Slow"\)\. Wait 90 seconds/,
		],
		[
			'a gateway',
			html(502, 'Bad'),
			/a gateway or proxy in front of it did \(502, page "Bad"\)\. Try/,
		],
		['a gateway of few words', text(503, 'no healthy upstream'), /did \(503, text "no healthy up/],
		['a network', html(511, 'Wi-Fi'), /network of this n8n asks for a login \(511, page "Wi-Fi"\)/],
		[
			'a login page',
			html(200, 'Log in'),
			/^What answered at 127\.0\.0\.1:\d+ is not MindPeeker's API \(200, page "Log in"\)\. Check the .* firewall/,
		],
		['a text', text(200, 'Welcome'), /is not MindPeeker's API \(200, text "Welcome"\)/],
		[
			'a redirect',
			(_request, response) => void response.redirect('https://login.example.com/?token=1'),
			/sent a redirect \(302\), which is not followed with an API key\. It leads to login\.example\.com\. Check/,
		],
		[
			'a page without an end',
			(request, response, next) =>
				service.endless(page('Blocked'), 'x')(request, response.status(403), next),
			/web server did \(403, page "Blocked"\)/,
		],
	])('is said to be no part of it: %s', async (_, answer, told) => {
		service.answer = answer;
		expect(await publishing()).toMatch(told);
		expect(await publishing()).not.toMatch(/authorization|does not accept|does not allow this/i);
	});

	it('is said so in an execution, with what to do in the description', async () => {
		service.answer = html(403, 'Just a moment...');
		expect(await textOf(host.run('account.get'))).toMatch(
			/^MindPeeker did not answer at 127\.0\.0\.1:\d+: .* \(403, page "Just a moment\.\.\."\)\. \[item 0\] \| Ask MindPeeker, or the administrator/,
		);
	});

	it('may want HTTPS', async () => {
		service.answer = html(400, '400 The plain HTTP request was sent to HTTPS port');
		expect(await publishing()).toMatch(/the server expects HTTPS.* Begin the base URL .* https:/);
	});

	it('leads to HTTPS', async () => {
		service.answer = (_request, response) => void response.redirect('https://127.0.0.1/v1');
		expect(await publishing()).toMatch(/leads to 127\.0\.0\.1\. Begin the base URL .* https:/);
	});

	it('never has a secret repeated', async () => {
		service.answer = html(403, `Blocked: ${API_KEY}`, { server: API_KEY });
		const failure = await trigger.publish().catch((error: Error) => error);
		expect(String(failure)).toContain('page "Blocked: …", server "…"');
		expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure))).not.toContain(API_KEY);
		expect(JSON.stringify((failure as MindPeekerError).fault)).not.toContain(API_KEY);
	});
});

describe('a refusal', () => {
	const DOUBT = /a firewall or proxy may have answered/;

	it.each([401, 403])('of the API itself is about the key: %d', async (status) => {
		service.answer = json(status, { error: { code: 'no', message: 'Not this key' } });
		const told = await publishing();
		expect(told).toMatch(new RegExp(`API key.* \\(${status}: Not this key\\)`));
		expect(told).not.toMatch(DOUBT);
	});

	it.each<[string, RequestHandler]>([
		['nothing', (_request, response) => void response.status(403).end()],
		['spaces', text(403, ' \n')],
		['JSON of another form', json(403, { message: 'Forbidden' })],
		['a list', json(403, [])],
	])('that says %s leaves a doubt', async (_, answer) => {
		service.answer = answer;
		expect(await publishing()).toMatch(/does not allow this with the API key in use \(403/);
		expect(await publishing()).toMatch(DOUBT);
	});

	it("of the API has its code and parameter for the node's own decisions", async () => {
		const error = { code: 'invalid_request', message: 'Unknown event', param: 'events[0]' };
		service.answer = byMethod({ GET: json(200, []), POST: json(422, { error }) });
		await expect(trigger.publish()).rejects.toMatchObject({
			fault: { kind: 'refused', status: 422, code: 'invalid_request', param: 'events[0]' },
		});
	});
});

describe('a page', () => {
	it('does not say that a webhook is gone', async () => {
		const created = { id: 'wh_1', url: trigger.url, events: ['session.completed'], active: true };
		service.answer = byMethod({ GET: json(200, []), POST: json(201, created) });
		await trigger.publish();
		service.answer = byMethod({
			GET: json(200, [created]),
			DELETE: html(404, '404 Not Found'),
		});
		expect(await textOf(trigger.unpublish())).toMatch(/did \(404, page "404 Not Found"\)/);
		expect(JSON.stringify(trigger.savedStaticData)).toContain('wh_1');
	});

	it('does not say that a URL is taken', async () => {
		const others = { id: 'wh_1', url: trigger.url, events: ['session.failed'] };
		service.answer = byMethod({ GET: json(200, [others]), POST: html(409, 'Conflict') });
		expect(await publishing()).toMatch(/web server did \(409, page "Conflict"\)/);
		expect(service.calls).toEqual(['GET /webhooks', 'POST /webhooks']);
	});

	it('does not say that a session has no results', async () => {
		service.answer = html(409, 'Conflict');
		const told = await textOf(host.run('session.getResults', { sessionId: 'sess_1' }));
		expect(told).toMatch(/web server did \(409, page "Conflict"\)/);
	});

	it.each([502, 503, 504])('of a gateway is tried again: %d', async (status) => {
		service.answer = inTurn(html(status, 'Bad Gateway'), json(200, { id: 'acc_1' }));
		expect(await host.json('account.get')).toEqual([{ id: 'acc_1' }]);
	});

	it('of a gateway is not tried again where that may do something twice', async () => {
		service.answer = html(502, 'Bad Gateway');
		expect(await textOf(host.run('session.create', SESSION))).toMatch(
			/a gateway or proxy in front of it did \(502, .* \[item 0\] \| The session may have been started/,
		);
		expect(service.calls).toEqual(['POST /sessions']);
	});

	it('of a rate limit is waited for', async () => {
		const created = json(201, { session_id: 'sess_1' });
		service.answer = inTurn(html(429, 'Slow', { 'retry-after': '1' }), created);
		expect(await host.json('session.create', SESSION)).toMatchObject([{ session_id: 'sess_1' }]);
		expect(service.calls).toHaveLength(2);
	});

	it('of a firewall is not tried again', async () => {
		service.answer = html(403, 'Just a moment...');
		await textOf(host.run('account.get'));
		expect(service.calls).toHaveLength(1);
	});

	it.each(['webhook.delete', 'webhook.sendTest', 'webhook.update'])(
		'that says all is well does not do for %s',
		async (operation) => {
			service.answer = html(200, 'Log in');
			const webhook = byId('wh_1');
			const parameters = { webhook, eventType: 'session.failed', updateFields: { active: true } };
			expect(await textOf(host.run(operation, parameters))).toMatch(
				/is not MindPeeker's API \(200, page "Log in"\)/,
			);
			service.answer = text(200, 'OK');
			expect(await host.run(operation, parameters)).toHaveLength(1);
		},
	);
});

describe('every operation', () => {
	let simulator: Simulator;
	beforeAll(async () => {
		simulator = await startSimulator({ timeFactor: 10_000 });
	});
	afterAll(async () => await simulator.close());

	it.each(OPERATIONS.filter((operation) => operation !== 'event.verify'))(
		'tells a firewall from MindPeeker: %s',
		async (operation) => {
			const guarded = new NodeHost(simulator);
			guarded.credential = { signingSecret: 'a secret of the credential' };
			const parameters = await parametersFor(operation, guarded, simulator);
			Object.assign(guarded.credential, { apiKey: API_KEY, baseUrl: service.origin });
			service.answer = html(403, 'Just a moment...');
			expect(await textOf(guarded.run(operation, parameters))).toMatch(
				/web server did \(403, page "Just a moment\.\.\."\)\. \[item 0\] \| Ask MindPeeker/,
			);
		},
	);
});
