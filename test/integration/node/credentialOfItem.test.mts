import type { RequestHandler } from 'express';
import type { IDataObject } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { startSimulator, type Simulator } from '../../../simulator/index.mts';
import { HostileService } from '../../support/hostileService.mts';
import { SECRET } from '../harness/deliver.mts';
import { store } from '../harness/executionsOf.mts';
import { byId, NodeHost, textOf, WORKFLOW_ID } from '../harness/nodeHost.mts';
import { fromItem, OPERATIONS, parametersFor } from '../harness/operations.mts';
import { useCheapDigests } from '../harness/cheapDigest.mts';

useCheapDigests();

const URL_HERE = 'http://127.0.0.1:9/';
const UPSERT = { url: URL_HERE, events: ['session.completed'], secretSource: 'credential' };
const TENANTS = ['one', 'two'] as const;
type Tenant = (typeof TENANTS)[number];
let simulators: Record<Tenant, Simulator>;
let host: NodeHost;

beforeEach(async () => {
	store.reset(WORKFLOW_ID);
	const settings = { timeFactor: 1_000 };
	simulators = {
		one: await startSimulator({ ...settings, apiKeys: ['key-of-one'] }),
		two: await startSimulator({ ...settings, apiKeys: ['key-of-two'] }),
	};
	host = new NodeHost(simulators.one);
});
afterEach(async () => {
	for (const tenant of TENANTS) await simulators[tenant].close();
});

const each = '={{ $json.apiKey }}';
const ofEachItem = {
	apiKey: each,
	baseUrl: '={{ $json.baseUrl }}',
	signingSecret: '={{ $json.secret }}',
};
function itemOf(tenant: Tenant, more: IDataObject = {}) {
	const { apiKey, baseUrl } = simulators[tenant];
	return { json: { apiKey, baseUrl, secret: `secret of ${tenant}`, ...more } };
}
const statuses = (tenant: Tenant) => simulators[tenant].requests().map(({ status }) => status);

describe('each item is done with its own credential', () => {
	const calling = OPERATIONS.filter((operation) => operation !== 'event.verify');
	it.each(calling)('%s', async (operation) => {
		// What it works on is there for each tenant.
		const own: IDataObject[] = [];
		for (const tenant of TENANTS) {
			const { apiKey, baseUrl } = simulators[tenant];
			host.credential = { apiKey, baseUrl, signingSecret: SECRET };
			own.push(await parametersFor(operation, host, simulators[tenant]));
		}
		host.credential = ofEachItem;
		const before = TENANTS.map((tenant) => simulators[tenant].requests().length);
		const items = TENANTS.map((tenant, index) => itemOf(tenant, { own: own[index] }));
		const parameters = fromItem(own[0]!, '$json.own');
		const output = await host.json(operation, parameters, items);
		expect(output.every(({ error }) => error === undefined)).toBe(true);
		for (const [index, tenant] of TENANTS.entries()) {
			const made = simulators[tenant].requests().slice(before[index]);
			expect(made.length).toBeGreaterThan(0);
			expect(made.every(({ status }) => status! < 300)).toBe(true);
		}
	});

	it('also where a hundred items of two tenants are under way together, and calls are repeated', async () => {
		const items = Array.from({ length: 100 }, (_, index) => itemOf(TENANTS[index % 2]!, { index }));
		host.credential = ofEachItem;
		for (const tenant of TENANTS) {
			const { faults } = simulators[tenant];
			faults.add({ on: 'api', kind: 'answer', status: 429, retryAfter: 1, times: 5 });
			faults.add({ on: 'api', kind: 'slow-answer', delayMs: 20, probability: 0.5 });
		}
		const parameters = {
			sessionType: 'dowsing',
			target: '={{ $json.secret + " " + $json.index }}',
			options: { batching: { batch: { batchSize: -1 } } },
		};
		await host.run('session.create', parameters, items);
		for (const tenant of TENANTS) {
			const created = simulators[tenant].requests().filter(({ status }) => status === 201);
			expect(created).toHaveLength(50);
			for (const { body } of created) expect(JSON.stringify(body)).toContain(`of ${tenant}`);
			expect(statuses(tenant)).not.toContain(401);
		}
	});

	it('the environment decides of each item which URLs can be reached', async () => {
		host.credential = { environment: '={{ $json.environment }}' };
		host.onError = 'continueRegularOutput';
		const parameters = { ...UPSERT, secretSource: 'generate', active: true };
		const items = ['custom', 'production'].map((environment) => ({ json: { environment } }));
		expect(await host.json('webhook.create', parameters, items)).toMatchObject([
			{ url: URL_HERE },
			{ error: expect.stringContaining('cannot deliver to') },
		]);
	});

	it('the signing secret is that of the item', async () => {
		host.credential = ofEachItem;
		const parameters = { ...UPSERT, active: true };
		await host.run(
			'webhook.create',
			parameters,
			TENANTS.map((tenant) => itemOf(tenant)),
		);
		for (const tenant of TENANTS) {
			expect(simulators[tenant].webhooks()).toMatchObject([{ secret: `secret of ${tenant}` }]);
		}
	});
});

describe('what belongs to an account is not shared with another:', () => {
	it('the list of webhooks', async () => {
		const ids: string[] = [];
		for (const tenant of TENANTS) {
			const { apiKey, baseUrl } = simulators[tenant];
			host.credential = { apiKey, baseUrl };
			const parameters = { ...UPSERT, secretSource: 'generate', active: true };
			const [webhook] = await host.json('webhook.create', parameters);
			ids.push(String(webhook?.id));
		}
		host.credential = ofEachItem;
		const webhook = byId('={{ $json.id }}');
		const items = [...TENANTS, ...TENANTS].map((tenant, index) =>
			itemOf(tenant, { id: ids[index % 2] }),
		);
		const output = await host.json('webhook.get', { webhook }, items);
		expect(output.map(({ id }) => id)).toEqual([...ids, ...ids]);
		// One request for the items of a tenant, however many there are.
		for (const tenant of TENANTS) expect(statuses(tenant)).toEqual([201, 200]);
	});

	it('a rate limit', async () => {
		host.credential = ofEachItem;
		host.onError = 'continueRegularOutput';
		simulators.one.faults.add({ on: 'api', kind: 'answer', status: 429, retryAfter: 3_600 });
		const options = { batching: { batch: { batchSize: 1 } } };
		const items = (['one', 'one', 'two'] as const).map((tenant) => itemOf(tenant));
		expect(await host.json('account.get', { options }, items)).toMatchObject([
			{ error: expect.stringContaining('rate limit') },
			{ error: expect.stringContaining('rate limit') },
			{ email: expect.any(String) },
		]);
		expect(statuses('one')).toEqual([429]);
	});

	it('the memory of which webhook has which secret', async () => {
		const services = { one: new HostileService(), two: new HostileService() };
		for (const tenant of TENANTS) await services[tenant].start();
		// Webhooks of two accounts may have the same ID.
		const webhook = { id: 'wh_1', url: URL_HERE, events: ['session.completed'], active: true };
		const answer =
			(listed: object[]): RequestHandler =>
			(request, response) => {
				const isCreation = request.method === 'POST';
				response.status(isCreation ? 201 : 200).json(isCreation ? webhook : listed);
			};
		const creations = async (apiKey: string, tenant: Tenant) => {
			const { calls, origin } = services[tenant];
			const before = calls.length;
			host.credential = { apiKey, baseUrl: origin, signingSecret: 'the same' };
			await textOf(host.run('webhook.upsert', UPSERT));
			return calls.slice(before).filter((call) => call.startsWith('POST')).length;
		};
		services.one.answer = answer([]);
		expect(await creations('key', 'one')).toBe(1);
		services.one.answer = answer([webhook]);
		services.two.answer = answer([webhook]);
		expect(await creations('key', 'one')).toBe(0);
		expect(await creations('key', 'two')).toBeGreaterThan(0);
		expect(await creations('another key', 'one')).toBeGreaterThan(0);
		for (const tenant of TENANTS) await services[tenant].stop();
	});
});

describe('items with the same account', () => {
	it('share it, whatever their signing secrets are, and no secret is shown', async () => {
		host.credential = { signingSecret: '={{ $json.secret }}' };
		host.onError = 'continueRegularOutput';
		const body = { message: 'first secret, second secret' };
		const { faults } = simulators.one;
		faults.add({ on: 'api', kind: 'answer', status: 429, retryAfter: 3_600, body });
		const items = ['first secret', 'second secret'].map((secret) => ({ json: { secret } }));
		const options = { batching: { batch: { batchSize: -1 } } };
		await host.run('account.get', { options }, items);
		expect(statuses('one').length).toBeLessThanOrEqual(2);
		faults.clear();
		host.beginExecution();
		faults.add({ on: 'api', kind: 'answer', status: 400, body, times: 2 });
		const output = await host.json(
			'account.get',
			{ options: { batching: { batch: { batchSize: 1 } } } },
			items,
		);
		expect(output[1]?.error).toContain('(400: …, …)');
	});
});

describe('an API key that an expression does not find', () => {
	it.each<[string, unknown]>([
		['undefined', undefined],
		['null', null],
		['empty', ''],
		['blank', '  '],
		['a list', ['key']],
		['an object', { key: 'x' }],
		['a truth value', true],
	])('is refused in words, before any call, for its item: %s', async (_, apiKey) => {
		host.credential = { apiKey: each };
		host.onError = 'continueErrorOutput';
		const { apiKey: valid } = simulators.one;
		const items = [{ json: { apiKey: valid } }, { json: { apiKey: apiKey as string } }];
		expect(await host.json('account.get', {}, items)).toMatchObject([
			{ email: expect.any(String) },
			{ error: 'The MindPeeker credential has no API key [item 1]' },
		]);
		expect(statuses('one')).toEqual([200]);
		host.onError = undefined;
		expect(await textOf(host.run('account.get', {}, items))).toBe(
			'The MindPeeker credential has no API key [item 1] | Enter one there. If it is an expression, check what it returns.',
		);
	});

	it('is refused in the list to pick from, which has no item', async () => {
		host.credential = { apiKey: each };
		expect(await textOf(host.search())).toMatch(
			/^The MindPeeker credential has no API key\. Enter one there/,
		);
	});

	it('may be a number', async () => {
		host.credential = { apiKey: '={{ 4711 }}' };
		const body = { message: 'no key 4711' };
		simulators.one.faults.add({ on: 'api', kind: 'answer', status: 401, body });
		expect(await textOf(host.run('account.get'))).toMatch(/does not accept the API key/);
	});
});

it('a credential whose expression fails is an error of its item', async () => {
	host.credential = { apiKey: '={{ $json.apiKey ?? $("Nowhere").first().json.apiKey }}' };
	host.onError = 'continueRegularOutput';
	const items = [itemOf('one'), { json: {} }];
	expect(await host.json('account.get', {}, items)).toMatchObject([
		{ email: expect.any(String) },
		{ error: expect.stringMatching(/Nowhere.*\[item 1\]$|node.*\[item 1\]$/) },
	]);
});
