import type { RequestHandler } from 'express';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { startSimulator, type Simulator } from '../../simulator/index.mts';
import type { RegistrationState } from '../../nodes/MindPeekerTrigger/registration/state.ts';
import { HostileService } from '../support/hostileService.mts';
import { NodeHost, textOf } from './harness/nodeHost.mts';
import { OPERATIONS, parametersFor } from './harness/operations.mts';
import { TriggerHost } from './harness/triggerHost.mts';
import { useCheapDigests } from './harness/cheapDigest.mts';

useCheapDigests();

const MIB = 1024 * 1024;
const API_KEY = 'key_that_nobody_else_may_see';
let service: HostileService;
let elsewhere: HostileService;

beforeEach(async () => {
	[service, elsewhere] = [new HostileService(), new HostileService()];
	await service.start();
	await elsewhere.start();
});

afterEach(async () => {
	await service.stop();
	await elsewhere.stop();
});

const credential = () => ({ apiKey: API_KEY, environment: 'custom', baseUrl: service.origin });
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
		void response.redirect(status, `${elsewhere.origin}/webhooks`);

/** What no call may take for an answer, and what the user is told. */
const USELESS: Array<[string, () => RequestHandler, RegExp]> = [
	['a list without an end', () => service.endless('[', '{"id":"wh_1"},'), /larger than \d+ MiB/],
	['a text without an end', () => service.endless('"', 'x'), /larger than \d+ MiB/],
	['spaces without an end', () => service.endless('', ' '), /larger than \d+ MiB/],
	['lists within lists', () => text(nested(50_000), 'json'), /nested too deeply/],
	['a redirect to another host', () => redirect(302), /redirect \(302\), which is not followed/],
	['a redirect that keeps the method', () => redirect(308), /redirect \(308\)/],
	['a refusal without an end', () => endlessRefusal(), /\((401|500)\)/],
];
const endlessRefusal = (): RequestHandler => (request, response, next) => {
	response.status(401);
	service.endless('{"message":"', 'no ')(request, response, next);
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
	const firstPageThen = (then: RequestHandler): RequestHandler =>
		function (request, response, next) {
			return request.method === 'GET'
				? json([])(request, response, next)
				: then(request, response, next);
		};

	it.each(USELESS)('ends with a clear error where the list is %s', async (_, answer, told) => {
		service.answer = answer();
		expect(await textOf(host.publish())).toMatch(told);
		expect(service.bytesSent).toBeLessThan(32 * MIB);
		expect(registration()).toBeUndefined();
	});

	it.each(USELESS)('stores nothing where the new webhook is %s', async (_, answer, told) => {
		service.answer = firstPageThen(answer());
		expect(await textOf(host.publish())).toMatch(told);
		expect(service.bytesSent).toBeLessThan(64 * MIB);
		expect(registration()).toBeUndefined();
	});

	it.each<[string, unknown]>([
		['a number', 7],
		['true', true],
		['nothing', null],
		['a text', 'created'],
		['a list', [{ id: 'wh_1' }]],
		['an object without an id', { url: 'http://127.0.0.1/' }],
		['an id that is an object', { id: { $ne: '' } }],
		['an empty id', { id: '' }],
		['an id that leads out of the webhooks', { id: '..' }],
		['an id as long as a book', { id: 'x'.repeat(100_000) }],
		['an id of two lines', { id: 'wh_1\nError: forged' }],
		['an id with half a character', { id: 'wh_\ud800' }],
		['an id that is too large to be told from others', { id: 2 ** 53 }],
	])('stores nothing where the new webhook is %s', async (_, body) => {
		service.answer = firstPageThen(json(body));
		expect(await textOf(host.publish())).toMatch(/gave no id for the new webhook/);
		expect(registration()).toBeUndefined();
	});

	it('gives up pages without an end', async () => {
		let page = 0;
		service.answer = (request, response, next) => {
			page++;
			const list = { data: [{ id: `wh_${page}` }], has_more: true, next_cursor: `page-${page}` };
			return json(list)(request, response, next);
		};
		expect(await textOf(host.publish())).toMatch(/list of webhooks does not end/);
		expect(page).toBeLessThanOrEqual(100);
	});

	it('gives up pages of more webhooks than any account has, before it has them all', async () => {
		const many = Array.from({ length: 60_000 }, (_, id) => ({ id }));
		let page = 0;
		service.answer = (request, response, next) =>
			json({ data: many, has_more: true, next_cursor: ++page })(request, response, next);
		expect(await textOf(host.publish())).toMatch(/list of webhooks does not end/);
		expect(page).toBe(1);
	});

	it('shows the API key to no other host', async () => {
		for (const status of [301, 302, 303, 307, 308]) {
			service.answer = redirect(status);
			await expect(host.publish()).rejects.toThrow(`redirect (${status})`);
		}
		expect([...service.keys]).toEqual([`Bearer ${API_KEY}`]);
		expect(elsewhere.calls).toEqual([]);
	});
});

describe('the operations of the node', () => {
	let simulator: Simulator;
	beforeAll(async () => {
		simulator = await startSimulator({ timeFactor: 10_000 });
	});
	afterAll(async () => await simulator.close());

	const CALLING = OPERATIONS.filter((operation) => operation !== 'event.verify');
	const WORST = USELESS.filter(([name]) => /text without|within|another host/.test(name));
	const cases = CALLING.flatMap((operation) =>
		WORST.map(([name, answer, told]) => ({ operation, name, answer, told })),
	);

	it.each(cases)('$operation ends with a clear error where the answer is $name', async (one) => {
		const host = new NodeHost(simulator);
		const signingSecret = 'a secret of the credential';
		host.credential = { signingSecret };
		const parameters = await parametersFor(one.operation, host, simulator);
		host.credential = { signingSecret, ...credential() };
		service.answer = one.answer();
		expect(await textOf(host.run(one.operation, parameters))).toMatch(one.told);
		expect(service.bytesSent).toBeLessThan(32 * MIB);
		expect(elsewhere.calls).toEqual([]);
	});
});
