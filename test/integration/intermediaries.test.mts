import type { RequestHandler } from 'express';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import type { MindPeekerApiError } from '../../nodes/shared/api/error.ts';
import { startSimulator, type Simulator } from '../../simulator/index.mts';
import { FakeServer } from '../support/fakeServer.mts';
import { byId, NodeHost, getErrorText } from './harness/nodeHost.mts';
import { OPERATIONS, createParameters } from './harness/operations.mts';
import { TriggerHost } from './harness/triggerHost.mts';
import { useFastScrypt } from './harness/fastScrypt.mts';

useFastScrypt();

const API_KEY = 'key_of_the_account';
const SESSION = { sessionType: 'dowsing', target: 'A well' };
let server: FakeServer;
let trigger: TriggerHost;
let host: NodeHost;

beforeEach(async () => {
	server = new FakeServer();
	await server.start();
	const credential = { apiKey: API_KEY, environment: 'custom', baseUrl: server.origin };
	const parameters = { events: ['session.completed'] };
	trigger = await new TriggerHost({ parameters, credential }).start();
	host = new NodeHost({ apiKey: API_KEY, baseUrl: server.origin } as Simulator);
});
afterEach(async () => {
	await trigger.stop();
	await server.stop();
});

const publishing = async () => await getErrorText(trigger.publish());
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
/** Uses the handlers one after the other, and repeats the last one. */
const inSequence = (...handlers: RequestHandler[]): RequestHandler =>
	function (request, response, next) {
		const handler = handlers.length > 1 ? handlers.shift() : handlers[0];
		return handler?.(request, response, next);
	};
const byMethod = (handlers: Record<string, RequestHandler>): RequestHandler =>
	function (request, response, next) {
		return handlers[request.method]?.(request, response, next);
	};

describe('the error for an intermediary', () => {
	it.each<[string, RequestHandler, RegExp]>([
		[
			'a Cloudflare firewall',
			html(403, 'Just a moment...', { server: 'cloudflare' }),
			/a firewall, a proxy or another web server responded instead \(403, page "Just a moment\.\.\.", server "cloudflare"\)\. .* to allow the requests of this n8n instance/,
		],
		[
			'a firewall that sends plain text',
			text(403, 'error code: 1020'),
			/web server responded instead \(403, text "error code: 1020"\)\. .* firewall/,
		],
		[
			'a firewall that sends XML',
			text(403, '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>'),
			/web server responded instead \(403, page "AccessDenied"\)/,
		],
		[
			'a web server with a login',
			html(401, '401 Authorization Required', { 'www-authenticate': 'Basic realm="Internal"' }),
			/requires a login responded instead \(401, page "401 … Required", Basic login\)/,
		],
		[
			'a web server with a login and an empty body',
			text(401, '', { 'www-authenticate': 'Negotiate' }),
			/requires a login responded instead \(401, Negotiate login\)/,
		],
		[
			'another web server',
			html(404, '404 Not Found', { server: 'nginx/1.26.0' }),
			/a proxy or another web server responded instead \(404, page "404 Not Found", server "nginx\/1\.26\.0"\)\. Check the environment and the base URL/,
		],
		[
			'a proxy',
			html(407, 'Cache'),
			/the proxy of this n8n instance requires a login \(407, page "Cache"\)/,
		],
		[
			'a rate limit',
			html(429, 'Slow', { 'retry-after': '90' }),
			/the rate limit of a gateway .* \(429, page "Slow"\)\. Wait 90 seconds/,
		],
		[
			'a gateway',
			html(502, 'Bad'),
			/a gateway or proxy responded instead \(502, page "Bad"\)\. Try/,
		],
		[
			'a gateway that sends plain text',
			text(503, 'no healthy upstream'),
			/responded instead \(503, text "no healthy up/,
		],
		[
			'a network',
			html(511, 'Wi-Fi'),
			/network of this n8n instance requires a login \(511, page "Wi-Fi"\)/,
		],
		[
			'a login page',
			html(200, 'Log in'),
			/^The server at 127\.0\.0\.1:\d+ is not MindPeeker's API \(200, page "Log in"\)\. Check the .* firewall/,
		],
		['a text', text(200, 'Welcome'), /is not MindPeeker's API \(200, text "Welcome"\)/],
		[
			'a redirect',
			(_request, response) => void response.redirect('https://login.example.com/?token=1'),
			/sent a redirect to login\.example\.com \(302\)\. Redirects are not followed, to protect the API key\. Check/,
		],
		[
			'an endless page',
			(request, response, next) =>
				server.endless(page('Blocked'), 'x')(request, response.status(403), next),
			/web server responded instead \(403, page "Blocked"\)/,
		],
	])('names %s', async (_, handler, expected) => {
		server.handler = handler;
		expect(await publishing()).toMatch(expected);
		expect(await publishing()).not.toMatch(/authorization|does not accept|have permission/i);
	});

	it('has a hint as the description in an execution', async () => {
		server.handler = html(403, 'Just a moment...');
		expect(await getErrorText(host.run('account.get'))).toMatch(
			/^MindPeeker did not respond at 127\.0\.0\.1:\d+: .* \(403, page "Just a moment\.\.\."\)\. \[item 0\] \| Ask MindPeeker, or the administrator/,
		);
	});

	it('recommends HTTPS if the server expects it', async () => {
		server.handler = html(400, '400 The plain HTTP request was sent to HTTPS port');
		expect(await publishing()).toMatch(/the server expects HTTPS.* Start the base URL .* https:/);
	});

	it('recommends HTTPS after a redirect to HTTPS', async () => {
		server.handler = (_request, response) => void response.redirect('https://127.0.0.1/v1');
		expect(await publishing()).toMatch(
			/redirect to 127\.0\.0\.1 \(302\)\. .* Start the base URL .* https:/,
		);
	});

	it('never contains a secret', async () => {
		server.handler = html(403, `Blocked: ${API_KEY}`, { server: API_KEY });
		const failure = await trigger.publish().catch((error: Error) => error);
		expect(String(failure)).toContain('page "Blocked: …", server "…"');
		expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure))).not.toContain(API_KEY);
		expect(JSON.stringify((failure as MindPeekerApiError).apiFailure)).not.toContain(API_KEY);
	});
});

describe('a rejection', () => {
	const SUSPICION = /a firewall or proxy may have responded/;

	it.each([401, 403])('by the API is about the key: %d', async (status) => {
		server.handler = json(status, { error: { code: 'no', message: 'Not this key' } });
		const text = await publishing();
		expect(text).toMatch(new RegExp(`API key.* \\(${status}: Not this key\\)`));
		expect(text).not.toMatch(SUSPICION);
	});

	it.each<[string, RequestHandler]>([
		['an empty body', (_request, response) => void response.status(403).end()],
		['white space', text(403, ' \n')],
		['JSON in another format', json(403, { message: 'Forbidden' })],
		['a list', json(403, [])],
	])('with %s may come from an intermediary', async (_, handler) => {
		server.handler = handler;
		expect(await publishing()).toMatch(/API key does not have permission for this request \(403/);
		expect(await publishing()).toMatch(SUSPICION);
	});

	it('by the API contains its error code and parameter', async () => {
		const error = { code: 'invalid_request', message: 'Unknown event', param: 'events[0]' };
		server.handler = byMethod({ GET: json(200, []), POST: json(422, { error }) });
		await expect(trigger.publish()).rejects.toMatchObject({
			apiFailure: { kind: 'http', status: 422, code: 'invalid_request', param: 'events[0]' },
		});
	});
});

describe('an HTML page', () => {
	it('with 404 does not count as a deleted webhook', async () => {
		const created = { id: 'wh_1', url: trigger.url, events: ['session.completed'], active: true };
		server.handler = byMethod({ GET: json(200, []), POST: json(201, created) });
		await trigger.publish();
		server.handler = byMethod({
			GET: json(200, [created]),
			DELETE: html(404, '404 Not Found'),
		});
		expect(await getErrorText(trigger.unpublish())).toMatch(
			/responded instead \(404, page "404 Not Found"\)/,
		);
		expect(JSON.stringify(trigger.savedStaticData)).toContain('wh_1');
	});

	it('with 409 does not count as a duplicate URL', async () => {
		const others = { id: 'wh_1', url: trigger.url, events: ['session.failed'] };
		server.handler = byMethod({ GET: json(200, [others]), POST: html(409, 'Conflict') });
		expect(await publishing()).toMatch(/web server responded instead \(409, page "Conflict"\)/);
		expect(server.requests).toEqual(['GET /webhooks', 'POST /webhooks']);
	});

	it('with 409 does not count as a session without results', async () => {
		server.handler = html(409, 'Conflict');
		const error = await getErrorText(host.run('session.getResults', { sessionId: 'sess_1' }));
		expect(error).toMatch(/web server responded instead \(409, page "Conflict"\)/);
	});

	it.each([502, 503, 504])('from a gateway is retried: %d', async (status) => {
		server.handler = inSequence(html(status, 'Bad Gateway'), json(200, { id: 'acc_1' }));
		expect(await host.json('account.get')).toEqual([{ id: 'acc_1' }]);
	});

	it('from a gateway is not retried for a non-idempotent request', async () => {
		server.handler = html(502, 'Bad Gateway');
		expect(await getErrorText(host.run('session.create', SESSION))).toMatch(
			/a gateway or proxy responded instead \(502, .* \[item 0\] \| The session may have been created/,
		);
		expect(server.requests).toEqual(['POST /sessions']);
	});

	it('with 429 is retried', async () => {
		const created = json(201, { session_id: 'sess_1' });
		server.handler = inSequence(html(429, 'Slow', { 'retry-after': '1' }), created);
		expect(await host.json('session.create', SESSION)).toMatchObject([{ session_id: 'sess_1' }]);
		expect(server.requests).toHaveLength(2);
	});

	it('from a firewall is not retried', async () => {
		server.handler = html(403, 'Just a moment...');
		await getErrorText(host.run('account.get'));
		expect(server.requests).toHaveLength(1);
	});

	it.each(['webhook.delete', 'webhook.sendTest', 'webhook.update'])(
		'with 200 is not accepted by %s',
		async (operation) => {
			server.handler = html(200, 'Log in');
			const webhook = byId('wh_1');
			const parameters = { webhook, eventType: 'session.failed', updateFields: { active: true } };
			expect(await getErrorText(host.run(operation, parameters))).toMatch(
				/is not MindPeeker's API \(200, page "Log in"\)/,
			);
			server.handler = text(200, 'OK');
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
		'detects a firewall: %s',
		async (operation) => {
			const nodeHost = new NodeHost(simulator);
			nodeHost.credential = { signingSecret: 'a secret of the credential' };
			const parameters = await createParameters(operation, nodeHost, simulator);
			Object.assign(nodeHost.credential, { apiKey: API_KEY, baseUrl: server.origin });
			server.handler = html(403, 'Just a moment...');
			expect(await getErrorText(nodeHost.run(operation, parameters))).toMatch(
				/web server responded instead \(403, page "Just a moment\.\.\."\)\. \[item 0\] \| Ask MindPeeker/,
			);
		},
	);
});
