import type { IDataObject } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { startSimulator, type Simulator } from '../../../simulator/index.mts';
import { SECRET } from '../harness/deliver.mts';
import { byId, NodeHost, getErrorText } from '../harness/nodeHost.mts';

const BLANKS = [undefined, null, '', ' \n', [], [''], [null, ' ']];
const VALUE = '={{ $json.value }}';
const SESSION = { sessionType: 'dowsing', target: 'A well' };
const WEBHOOK = { url: 'http://127.0.0.1:9/', events: ['session.completed'], active: true };
let simulator: Simulator;
let host: NodeHost;

beforeEach(async () => {
	simulator = await startSimulator({ timeFactor: 100_000 });
	host = new NodeHost(simulator);
	host.credential = { signingSecret: SECRET };
});
afterEach(async () => await simulator.close());

const createItems = (values: unknown[]) =>
	values.map((value) => ({ json: { value } as IDataObject }));
const getLastBodies = (count: number) =>
	simulator
		.requests()
		.slice(-count)
		.map(({ body }) => body);

describe('a blank optional parameter is ignored:', () => {
	const toCollection = (fields: IDataObject) => ({ additionalFields: fields });
	it.each<[string, string, IDataObject, IDataObject]>([
		['modality', 'session.create', toCollection({ modality: VALUE }), {}],
		['duration', 'session.create', toCollection({ durationMinutes: VALUE }), {}],
		['privacy level', 'session.create', toCollection({ privacyLevel: VALUE }), {}],
		['all fields of a session', 'session.create', { additionalFields: VALUE }, {}],
		['analysis type', 'analysis.submit', toCollection({ analysisType: VALUE }), {}],
		['priority', 'analysis.submit', toCollection({ priority: VALUE }), {}],
		['photos', 'analysis.submit', toCollection({ photos: VALUE }), {}],
		['documents', 'analysis.submit', toCollection({ documents: VALUE }), {}],
		['coordinates', 'analysis.submit', toCollection({ coordinates: VALUE }), {}],
		[
			'latitude and longitude',
			'analysis.submit',
			toCollection({ coordinates: { values: { latitude: VALUE, longitude: VALUE } } }),
			{},
		],
		[
			'all but a photo',
			'analysis.submit',
			toCollection({ photos: ['a.jpg', VALUE], documents: VALUE, priority: VALUE }),
			{ reference_material: { photos: ['a.jpg'] } },
		],
	])('%s', async (_, operation, parameters, expected) => {
		const required = { ...SESSION, targetType: 'location' };
		const items = createItems(BLANKS);
		await host.run(operation, { ...required, ...parameters }, items);
		const body =
			operation === 'session.create'
				? { type: 'dowsing', target: 'A well' }
				: { target_type: 'location', ...expected };
		expect(getLastBodies(items.length)).toEqual(items.map(() => body));
	});

	it('white space around an option is removed', async () => {
		const additionalFields = { modality: ' auditory ' };
		await host.run('session.create', { ...SESSION, additionalFields });
		expect(getLastBodies(1)).toMatchObject([{ modality: 'auditory' }]);
	});

	it('Active and Signing Secret of a new webhook', async () => {
		const parameters = { ...WEBHOOK, active: VALUE, secretSource: VALUE };
		const output = await host.json('webhook.create', parameters, createItems(BLANKS));
		expect(output).toHaveLength(BLANKS.length);
		for (const webhook of output) {
			expect(webhook).toMatchObject({ active: true, secret: expect.stringMatching(/^\w{64}$/) });
		}
	});

	it('the signing secrets of the credential', async () => {
		host.credential = { signingSecret: VALUE, previousSigningSecret: VALUE };
		host.onError = 'continueRegularOutput';
		const parameters = { ...WEBHOOK, secretSource: 'credential' };
		for (const operation of ['webhook.create', 'webhook.upsert']) {
			const output = await host.json(operation, parameters, createItems([undefined, null, '']));
			expect(output).toHaveLength(3);
			for (const { error } of output)
				expect(error).toMatch(/no Signing Secret|no secret to create/);
		}
	});

	it('the data of a test event', async () => {
		const webhook = byId(await createWebhook());
		const parameters = { webhook, eventType: 'session.failed', testData: VALUE };
		await host.run('webhook.sendTest', parameters, createItems(BLANKS));
		expect(getLastBodies(BLANKS.length)).toEqual(
			BLANKS.map(() => ({ event_type: 'session.failed' })),
		);
	});

	it.each(['active', 'events', 'url'])('the filter %s', async (name) => {
		const ids = [await createWebhook(), await createWebhook()];
		simulator.pauseWebhook(ids[1]!);
		const parameters = { returnAll: true, filters: { [name]: VALUE } };
		const output = await host.json('webhook.getAll', parameters, createItems(BLANKS));
		expect(output.map(({ id }) => id)).toEqual(BLANKS.flatMap(() => ids));
	});

	it('Return All and Limit', async () => {
		for (let count = 0; count < 51; count++) await createWebhook();
		const parameters = { returnAll: VALUE, limit: VALUE };
		const output = await host.json('webhook.getAll', parameters, createItems(BLANKS));
		expect(output).toHaveLength(50 * BLANKS.length);
	});

	it('a field of Update, which needs at least one', async () => {
		const webhook = byId(await createWebhook());
		const updateFields = { active: VALUE, events: ['session.failed'] };
		await host.run('webhook.update', { webhook, updateFields }, createItems(BLANKS));
		expect(getLastBodies(BLANKS.length)).toEqual(
			BLANKS.map(() => ({ events: ['session.failed'] })),
		);
		host.onError = 'continueRegularOutput';
		const blank = { webhook, updateFields: { active: VALUE, events: VALUE } };
		const output = await host.json('webhook.update', blank, createItems([...BLANKS, '[]']));
		for (const { error } of output) {
			expect(error).toMatch(/^(There is nothing to update|Active must be)/);
		}
	});

	it('the wait options', async () => {
		const [{ session_id: sessionId } = {}] = await host.json('session.create', SESSION);
		await simulator.waitUntilIdle();
		const options = { waitUntilCompleted: VALUE, maxWait: VALUE, pollInterval: VALUE };
		const parameters = { sessionId, options };
		const output = await host.json('session.getResults', parameters, createItems(BLANKS));
		expect(output).toHaveLength(BLANKS.length);
		const waiting = { ...parameters, options: { ...options, waitUntilCompleted: true } };
		expect(await host.json('session.getResults', waiting, createItems(BLANKS))).toHaveLength(
			BLANKS.length,
		);
	});

	it.each(BLANKS)('the batching options: %j', async (value) => {
		for (const batching of [
			{ batch: { batchSize: VALUE, batchInterval: VALUE } },
			{ batch: VALUE },
		]) {
			const items = createItems([value, value]);
			expect(await host.json('account.get', { options: { batching } }, items)).toHaveLength(2);
		}
	});

	async function createWebhook(): Promise<string> {
		const [webhook] = await host.json('webhook.create', { ...WEBHOOK, secretSource: 'generate' });
		return String(webhook?.id);
	}
});

describe('one coordinate without the other one', () => {
	it.each(['latitude', 'longitude'])('is rejected: %s is blank', async (name) => {
		const values = { latitude: 40.7, longitude: -74, [name]: VALUE };
		const parameters = { targetType: 'location', additionalFields: { coordinates: { values } } };
		for (const item of createItems(BLANKS)) {
			expect(await getErrorText(host.run('analysis.submit', parameters, [item]))).toMatch(
				new RegExp(`^${name} is empty .*Enter both coordinates`, 'i'),
			);
		}
		expect(simulator.requests()).toEqual([]);
	});
});

describe('a blank required parameter is rejected:', () => {
	it.each<[string, string, IDataObject, RegExp]>([
		['type of session', 'session.create', { ...SESSION, sessionType: VALUE }, /^Type is empty/],
		['target', 'session.create', { ...SESSION, target: VALUE }, /^Target is empty/],
		['target type', 'analysis.submit', { targetType: VALUE }, /^Target Type is empty/],
		['session', 'session.get', { sessionId: VALUE }, /^Session ID is empty/],
		['webhook', 'webhook.delete', { webhook: byId(VALUE) }, /^No webhook is chosen/],
		['URL', 'webhook.create', { ...WEBHOOK, url: VALUE }, /^URL is empty/],
		['events', 'webhook.create', { ...WEBHOOK, events: VALUE }, /^No event is chosen/],
		['events', 'webhook.upsert', { ...WEBHOOK, events: VALUE }, /^No event is chosen/],
		['event', 'webhook.sendTest', { webhook: byId('wh'), eventType: VALUE }, /^Event is empty/],
	])('%s of %s', async (_, operation, parameters, text) => {
		host.onError = 'continueRegularOutput';
		const output = await host.json(operation, parameters, createItems(BLANKS));
		expect(output).toHaveLength(BLANKS.length);
		for (const { error } of output) expect(error).toMatch(text);
		expect(simulator.requests()).toEqual([]);
	});
});
