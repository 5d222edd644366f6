import type { RequestHandler } from 'express';
import type { IDataObject } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { startSimulator, type Simulator } from '../../../simulator/index.mts';
import { FakeServer } from '../../support/fakeServer.mts';
import { SECRET } from '../harness/deliver.mts';
import { store } from '../harness/deduplicationStore.mts';
import { byId, NodeHost, getErrorText, WORKFLOW_ID } from '../harness/nodeHost.mts';
import { toExpressions, OPERATIONS, createParameters } from '../harness/operations.mts';
import { useFastScrypt } from '../harness/fastScrypt.mts';

useFastScrypt();

const WEBHOOK_URL = 'http://127.0.0.1:9/';
const UPSERT = { url: WEBHOOK_URL, events: ['session.completed'], secretSource: 'credential' };
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

const API_KEY_EXPRESSION = '={{ $json.apiKey }}';
const CREDENTIAL_PER_ITEM = {
	apiKey: API_KEY_EXPRESSION,
	baseUrl: '={{ $json.baseUrl }}',
	signingSecret: '={{ $json.secret }}',
};
function createItem(tenant: Tenant, fields: IDataObject = {}) {
	const { apiKey, baseUrl } = simulators[tenant];
	return { json: { apiKey, baseUrl, secret: `secret of ${tenant}`, ...fields } };
}
const getStatuses = (tenant: Tenant) => simulators[tenant].requests().map(({ status }) => status);

describe('each item uses its own credential', () => {
	const online = OPERATIONS.filter((operation) => operation !== 'event.verify');
	it.each(online)('%s', async (operation) => {
		const values: IDataObject[] = [];
		for (const tenant of TENANTS) {
			const { apiKey, baseUrl } = simulators[tenant];
			host.credential = { apiKey, baseUrl, signingSecret: SECRET };
			values.push(await createParameters(operation, host, simulators[tenant]));
		}
		host.credential = CREDENTIAL_PER_ITEM;
		const before = TENANTS.map((tenant) => simulators[tenant].requests().length);
		const items = TENANTS.map((tenant, index) => createItem(tenant, { values: values[index] }));
		const parameters = toExpressions(values[0]!, '$json.values');
		const output = await host.json(operation, parameters, items);
		expect(output.every(({ error }) => error === undefined)).toBe(true);
		for (const [index, tenant] of TENANTS.entries()) {
			const requests = simulators[tenant].requests().slice(before[index]);
			expect(requests.length).toBeGreaterThan(0);
			expect(requests.every(({ status }) => status! < 300)).toBe(true);
		}
	});

	it('with a hundred concurrent items of two tenants, and retries', async () => {
		const items = Array.from({ length: 100 }, (_, index) =>
			createItem(TENANTS[index % 2]!, { index }),
		);
		host.credential = CREDENTIAL_PER_ITEM;
		for (const tenant of TENANTS) {
			const { faults } = simulators[tenant];
			faults.add({ on: 'api', kind: 'response', status: 429, retryAfter: 1, times: 5 });
			faults.add({ on: 'api', kind: 'slow-response', delayMs: 20, probability: 0.5 });
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
			expect(getStatuses(tenant)).not.toContain(401);
		}
	});

	it('the environment of the item determines which URLs are allowed', async () => {
		host.credential = { environment: '={{ $json.environment }}' };
		host.onError = 'continueRegularOutput';
		const parameters = { ...UPSERT, secretSource: 'generate', active: true };
		const items = ['custom', 'production'].map((environment) => ({ json: { environment } }));
		expect(await host.json('webhook.create', parameters, items)).toMatchObject([
			{ url: WEBHOOK_URL },
			{ error: expect.stringContaining('cannot deliver to') },
		]);
	});

	it('the signing secret is read for each item', async () => {
		host.credential = CREDENTIAL_PER_ITEM;
		const parameters = { ...UPSERT, active: true };
		await host.run(
			'webhook.create',
			parameters,
			TENANTS.map((tenant) => createItem(tenant)),
		);
		for (const tenant of TENANTS) {
			expect(simulators[tenant].webhooks()).toMatchObject([{ secret: `secret of ${tenant}` }]);
		}
	});
});

describe('accounts do not share:', () => {
	it('the list of webhooks', async () => {
		const ids: string[] = [];
		for (const tenant of TENANTS) {
			const { apiKey, baseUrl } = simulators[tenant];
			host.credential = { apiKey, baseUrl };
			const parameters = { ...UPSERT, secretSource: 'generate', active: true };
			const [webhook] = await host.json('webhook.create', parameters);
			ids.push(String(webhook?.id));
		}
		host.credential = CREDENTIAL_PER_ITEM;
		const webhook = byId('={{ $json.id }}');
		const items = [...TENANTS, ...TENANTS].map((tenant, index) =>
			createItem(tenant, { id: ids[index % 2] }),
		);
		const output = await host.json('webhook.get', { webhook }, items);
		expect(output.map(({ id }) => id)).toEqual([...ids, ...ids]);
		// All items of a tenant share one request.
		for (const tenant of TENANTS) expect(getStatuses(tenant)).toEqual([201, 200]);
	});

	it('a rate limit', async () => {
		host.credential = CREDENTIAL_PER_ITEM;
		host.onError = 'continueRegularOutput';
		simulators.one.faults.add({ on: 'api', kind: 'response', status: 429, retryAfter: 3_600 });
		const options = { batching: { batch: { batchSize: 1 } } };
		const items = (['one', 'one', 'two'] as const).map((tenant) => createItem(tenant));
		expect(await host.json('account.get', { options }, items)).toMatchObject([
			{ error: expect.stringContaining('rate limit') },
			{ error: expect.stringContaining('rate limit') },
			{ email: expect.any(String) },
		]);
		expect(getStatuses('one')).toEqual([429]);
	});

	it('the stored secrets of webhooks', async () => {
		const services = { one: new FakeServer(), two: new FakeServer() };
		for (const tenant of TENANTS) await services[tenant].start();
		// Webhooks of two accounts may have the same ID.
		const webhook = { id: 'wh_1', url: WEBHOOK_URL, events: ['session.completed'], active: true };
		const createHandler =
			(webhooks: object[]): RequestHandler =>
			(request, response) => {
				const isCreation = request.method === 'POST';
				response.status(isCreation ? 201 : 200).json(isCreation ? webhook : webhooks);
			};
		const countCreations = async (apiKey: string, tenant: Tenant) => {
			const { requests, origin } = services[tenant];
			const before = requests.length;
			host.credential = { apiKey, baseUrl: origin, signingSecret: 'the same' };
			await getErrorText(host.run('webhook.upsert', UPSERT));
			return requests.slice(before).filter((call) => call.startsWith('POST')).length;
		};
		services.one.handler = createHandler([]);
		expect(await countCreations('key', 'one')).toBe(1);
		services.one.handler = createHandler([webhook]);
		services.two.handler = createHandler([webhook]);
		expect(await countCreations('key', 'one')).toBe(0);
		expect(await countCreations('key', 'two')).toBeGreaterThan(0);
		expect(await countCreations('another key', 'one')).toBeGreaterThan(0);
		for (const tenant of TENANTS) await services[tenant].stop();
	});
});

describe('items with the same account', () => {
	it('share a connection despite different signing secrets, and no error contains a secret', async () => {
		host.credential = { signingSecret: '={{ $json.secret }}' };
		host.onError = 'continueRegularOutput';
		const body = { message: 'first secret, second secret' };
		const { faults } = simulators.one;
		faults.add({ on: 'api', kind: 'response', status: 429, retryAfter: 3_600, body });
		const items = ['first secret', 'second secret'].map((secret) => ({ json: { secret } }));
		const options = { batching: { batch: { batchSize: -1 } } };
		await host.run('account.get', { options }, items);
		expect(getStatuses('one').length).toBeLessThanOrEqual(2);
		faults.clear();
		host.startExecution();
		faults.add({ on: 'api', kind: 'response', status: 400, body, times: 2 });
		const output = await host.json(
			'account.get',
			{ options: { batching: { batch: { batchSize: 1 } } } },
			items,
		);
		expect(output[1]?.error).toContain('(400: …, …)');
	});
});

describe('a missing API key', () => {
	it.each<[string, unknown]>([
		['undefined', undefined],
		['null', null],
		['empty', ''],
		['blank', '  '],
		['a list', ['key']],
		['an object', { key: 'x' }],
		['a boolean', true],
	])('is an error of the item, without a request: %s', async (_, apiKey) => {
		host.credential = { apiKey: API_KEY_EXPRESSION };
		host.onError = 'continueErrorOutput';
		const { apiKey: valid } = simulators.one;
		const items = [{ json: { apiKey: valid } }, { json: { apiKey: apiKey as string } }];
		expect(await host.json('account.get', {}, items)).toMatchObject([
			{ email: expect.any(String) },
			{ error: 'The MindPeeker credential has no API key [item 1]' },
		]);
		expect(getStatuses('one')).toEqual([200]);
		host.onError = undefined;
		expect(await getErrorText(host.run('account.get', {}, items))).toBe(
			'The MindPeeker credential has no API key [item 1] | Enter the API key. If it is an expression, check its result.',
		);
	});

	it('is an error of the list of webhooks', async () => {
		host.credential = { apiKey: API_KEY_EXPRESSION };
		expect(await getErrorText(host.search())).toMatch(
			/^The MindPeeker credential has no API key\. Enter the API key/,
		);
	});

	it('can be a number', async () => {
		host.credential = { apiKey: '={{ 4711 }}' };
		const body = { message: 'no key 4711' };
		simulators.one.faults.add({ on: 'api', kind: 'response', status: 401, body });
		expect(await getErrorText(host.run('account.get'))).toMatch(/does not accept the API key/);
	});
});

it('a failing expression of the credential is an error of the item', async () => {
	host.credential = { apiKey: '={{ $json.apiKey ?? $("Nowhere").first().json.apiKey }}' };
	host.onError = 'continueRegularOutput';
	const items = [createItem('one'), { json: {} }];
	expect(await host.json('account.get', {}, items)).toMatchObject([
		{ email: expect.any(String) },
		{ error: expect.stringMatching(/Nowhere.*\[item 1\]$|node.*\[item 1\]$/) },
	]);
});
