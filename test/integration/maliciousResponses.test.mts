import type { RequestHandler } from 'express';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { startSimulator, type Simulator } from '../../simulator/index.mts';
import type { RegistrationState } from '../../nodes/MindPeekerTrigger/registration/state.ts';
import { FakeServer } from '../support/fakeServer.mts';
import { NodeHost, getErrorText } from './harness/nodeHost.mts';
import { OPERATIONS, createParameters } from './harness/operations.mts';
import { TriggerHost } from './harness/triggerHost.mts';
import { useFastScrypt } from './harness/fastScrypt.mts';

useFastScrypt();

const MIB = 1024 * 1024;
const API_KEY = 'key_that_nobody_else_may_see';
let server: FakeServer;
let redirectTarget: FakeServer;

beforeEach(async () => {
	[server, redirectTarget] = [new FakeServer(), new FakeServer()];
	await server.start();
	await redirectTarget.start();
});

afterEach(async () => {
	await server.stop();
	await redirectTarget.stop();
});

const credential = () => ({ apiKey: API_KEY, environment: 'custom', baseUrl: server.origin });
const json =
	(body: unknown, status = 200): RequestHandler =>
	(_request, response) =>
		void response.status(status).json(body);
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
const text =
	(body: string, type: string): RequestHandler =>
	(_request, response) =>
		void response.type(type).send(body);
const redirect =
	(status: number): RequestHandler =>
	(_request, response) =>
		void response.redirect(status, `${redirectTarget.origin}/webhooks`);

/** Responses that must be rejected, with the error. */
const MALICIOUS: Array<[string, () => RequestHandler, RegExp]> = [
	['an endless list', () => server.endless('[', '{"id":"wh_1"},'), /larger than \d+ MiB/],
	['an endless text', () => server.endless('"', 'x'), /larger than \d+ MiB/],
	['endless white space', () => server.endless('', ' '), /larger than \d+ MiB/],
	['deeply nested lists', () => text(nested(50_000), 'json'), /nested too deeply/],
	['a redirect to another host', () => redirect(302), /\(302\)\. Redirects are not followed/],
	['a redirect that keeps the method', () => redirect(308), /redirect .*\(308\)/],
	['an endless error', () => endlessError(), /\((401|500)\)/],
];
const endlessError = (): RequestHandler => (request, response, next) => {
	response.status(401);
	server.endless('{"message":"', 'no ')(request, response, next);
};

describe('publishing', () => {
	let host: TriggerHost;
	beforeEach(async () => {
		const parameters = { events: ['session.completed'] };
		host = await new TriggerHost({ parameters, credential: credential() }).start();
	});
	afterEach(async () => await host.stop());

	const registration = () =>
		(host.savedStaticData['node:MindPeeker Trigger'] as RegistrationState | undefined)
			?.registration;
	const emptyListThen = (handler: RequestHandler): RequestHandler =>
		function (request, response, next) {
			return request.method === 'GET'
				? json([])(request, response, next)
				: handler(request, response, next);
		};

	it.each(MALICIOUS)(
		'fails with a clear error if the list is %s',
		async (_, createHandler, expected) => {
			server.handler = createHandler();
			expect(await getErrorText(host.publish())).toMatch(expected);
			expect(server.bytesSent).toBeLessThan(32 * MIB);
			expect(registration()).toBeUndefined();
		},
	);

	it.each(MALICIOUS)(
		'stores nothing if the new webhook is %s',
		async (_, createHandler, expected) => {
			server.handler = emptyListThen(createHandler());
			expect(await getErrorText(host.publish())).toMatch(expected);
			expect(server.bytesSent).toBeLessThan(64 * MIB);
			expect(registration()).toBeUndefined();
		},
	);

	it.each<[string, unknown]>([
		['a number', 7],
		['true', true],
		['null', null],
		['a text', 'created'],
		['a list', [{ id: 'wh_1' }]],
		['an object without an ID', { url: 'http://127.0.0.1/' }],
		['an object as ID', { id: { $ne: '' } }],
		['an empty ID', { id: '' }],
		['an ID that changes the path', { id: '..' }],
		['a very long ID', { id: 'x'.repeat(100_000) }],
		['an ID with a line break', { id: 'wh_1\nError: forged' }],
		['an ID with a lone surrogate', { id: 'wh_\ud800' }],
		['an unsafe integer as ID', { id: 2 ** 53 }],
	])('stores nothing if the new webhook is %s', async (_, body) => {
		server.handler = emptyListThen(json(body));
		expect(await getErrorText(host.publish())).toMatch(
			/its response contains no ID for the new webhook/,
		);
		expect(registration()).toBeUndefined();
	});

	it('rejects endless pages', async () => {
		let page = 0;
		server.handler = (request, response, next) => {
			page++;
			const list = { data: [{ id: `wh_${page}` }], has_more: true, next_cursor: `page-${page}` };
			return json(list)(request, response, next);
		};
		expect(await getErrorText(host.publish())).toMatch(/list of webhooks does not end/);
		expect(page).toBeLessThanOrEqual(100);
	});

	it('rejects too many webhooks before it has fetched all pages', async () => {
		const many = Array.from({ length: 60_000 }, (_, id) => ({ id }));
		let page = 0;
		server.handler = (request, response, next) =>
			json({ data: many, has_more: true, next_cursor: ++page })(request, response, next);
		expect(await getErrorText(host.publish())).toMatch(/list of webhooks does not end/);
		expect(page).toBe(1);
	});

	it('sends the API key to no other host', async () => {
		for (const status of [301, 302, 303, 307, 308]) {
			server.handler = redirect(status);
			await expect(host.publish()).rejects.toThrow(`(${status}). Redirects are not followed`);
		}
		expect([...server.keys]).toEqual([`Bearer ${API_KEY}`]);
		expect(redirectTarget.requests).toEqual([]);
	});
});

describe('all operations', () => {
	let simulator: Simulator;
	beforeAll(async () => {
		simulator = await startSimulator({ timeFactor: 10_000 });
	});
	afterAll(async () => await simulator.close());

	const API_OPERATIONS = OPERATIONS.filter((operation) => operation !== 'event.verify');
	const RESPONSES = MALICIOUS.filter(([name]) => /endless text|nested|another host/.test(name));
	const cases = API_OPERATIONS.flatMap((operation) =>
		RESPONSES.map(([name, createHandler, expected]) => ({
			operation,
			name,
			createHandler,
			expected,
		})),
	);

	it.each(cases)('$operation fails with a clear error if the response is $name', async (one) => {
		const host = new NodeHost(simulator);
		const signingSecret = 'a secret of the credential';
		host.credential = { signingSecret };
		const parameters = await createParameters(one.operation, host, simulator);
		host.credential = { signingSecret, ...credential() };
		server.handler = one.createHandler();
		expect(await getErrorText(host.run(one.operation, parameters))).toMatch(one.expected);
		expect(server.bytesSent).toBeLessThan(32 * MIB);
		expect(redirectTarget.requests).toEqual([]);
	});
});
