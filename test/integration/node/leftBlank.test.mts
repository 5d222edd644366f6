import type { IDataObject } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { startSimulator, type Simulator } from '../../../simulator/index.mts';
import { SECRET } from '../harness/deliver.mts';
import { byId, NodeHost, textOf } from '../harness/nodeHost.mts';

const BLANKS = [undefined, null, '', ' \n', [], [''], [null, ' ']];
const HERE = '={{ $json.value }}';
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

const itemsWith = (values: unknown[]) =>
	values.map((value) => ({ json: { value } as IDataObject }));
const lastBodies = (count: number) =>
	simulator
		.requests()
		.slice(-count)
		.map(({ body }) => body);

describe('a field that may be left out is left out where it is blank:', () => {
	const inCollection = (fields: IDataObject) => ({ additionalFields: fields });
	it.each<[string, string, IDataObject, IDataObject]>([
		['modality', 'session.create', inCollection({ modality: HERE }), {}],
		['duration', 'session.create', inCollection({ durationMinutes: HERE }), {}],
		['privacy level', 'session.create', inCollection({ privacyLevel: HERE }), {}],
		['all of a session', 'session.create', { additionalFields: HERE }, {}],
		['analysis type', 'analysis.submit', inCollection({ analysisType: HERE }), {}],
		['priority', 'analysis.submit', inCollection({ priority: HERE }), {}],
		['photos', 'analysis.submit', inCollection({ photos: HERE }), {}],
		['documents', 'analysis.submit', inCollection({ documents: HERE }), {}],
		['coordinates', 'analysis.submit', inCollection({ coordinates: HERE }), {}],
		[
			'latitude and longitude',
			'analysis.submit',
			inCollection({ coordinates: { values: { latitude: HERE, longitude: HERE } } }),
			{},
		],
		[
			'all but a photo',
			'analysis.submit',
			inCollection({ photos: ['a.jpg', HERE], documents: HERE, priority: HERE }),
			{ reference_material: { photos: ['a.jpg'] } },
		],
	])('%s', async (_, operation, parameters, more) => {
		const required = { ...SESSION, targetType: 'location' };
		const items = itemsWith(BLANKS);
		await host.run(operation, { ...required, ...parameters }, items);
		const body =
			operation === 'session.create'
				? { type: 'dowsing', target: 'A well' }
				: { target_type: 'location', ...more };
		expect(lastBodies(items.length)).toEqual(items.map(() => body));
	});

	it('white space around a choice does not count', async () => {
		const additionalFields = { modality: ' auditory ' };
		await host.run('session.create', { ...SESSION, additionalFields });
		expect(lastBodies(1)).toMatchObject([{ modality: 'auditory' }]);
	});

	it('the activity and the kind of secret of a new webhook', async () => {
		const parameters = { ...WEBHOOK, active: HERE, secretSource: HERE };
		const output = await host.json('webhook.create', parameters, itemsWith(BLANKS));
		expect(output).toHaveLength(BLANKS.length);
		for (const webhook of output) {
			expect(webhook).toMatchObject({ active: true, secret: expect.stringMatching(/^\w{64}$/) });
		}
	});

	it('the signing secrets of the credential', async () => {
		host.credential = { signingSecret: HERE, previousSigningSecret: HERE };
		host.onError = 'continueRegularOutput';
		const parameters = { ...WEBHOOK, secretSource: 'credential' };
		for (const operation of ['webhook.create', 'webhook.upsert']) {
			const output = await host.json(operation, parameters, itemsWith([undefined, null, '']));
			expect(output).toHaveLength(3);
			for (const { error } of output)
				expect(error).toMatch(/no Signing Secret|no secret to create/);
		}
	});

	it('the data of a test event', async () => {
		const webhook = byId(await existing());
		const parameters = { webhook, eventType: 'session.failed', testData: HERE };
		await host.run('webhook.sendTest', parameters, itemsWith(BLANKS));
		expect(lastBodies(BLANKS.length)).toEqual(BLANKS.map(() => ({ event_type: 'session.failed' })));
	});

	it.each(['active', 'events', 'url'])('the filter %s', async (name) => {
		const ids = [await existing(), await existing()];
		simulator.pauseWebhook(ids[1]!);
		const parameters = { returnAll: true, filters: { [name]: HERE } };
		const output = await host.json('webhook.getAll', parameters, itemsWith(BLANKS));
		expect(output.map(({ id }) => id)).toEqual(BLANKS.flatMap(() => ids));
	});

	it('Return All and Limit, whose defaults hold', async () => {
		for (let count = 0; count < 51; count++) await existing();
		const parameters = { returnAll: HERE, limit: HERE };
		const output = await host.json('webhook.getAll', parameters, itemsWith(BLANKS));
		expect(output).toHaveLength(50 * BLANKS.length);
	});

	it('a field to update, of which at least one is needed', async () => {
		const webhook = byId(await existing());
		const updateFields = { active: HERE, events: ['session.failed'] };
		await host.run('webhook.update', { webhook, updateFields }, itemsWith(BLANKS));
		expect(lastBodies(BLANKS.length)).toEqual(BLANKS.map(() => ({ events: ['session.failed'] })));
		host.onError = 'continueRegularOutput';
		const blank = { webhook, updateFields: { active: HERE, events: HERE } };
		const output = await host.json('webhook.update', blank, itemsWith([...BLANKS, '[]']));
		for (const { error } of output) {
			expect(error).toMatch(/^(Nothing is to be updated|Active is neither)/);
		}
	});

	it('the options of waiting', async () => {
		const [{ session_id: sessionId } = {}] = await host.json('session.create', SESSION);
		await simulator.idle();
		const options = { waitUntilCompleted: HERE, maxWait: HERE, pollInterval: HERE };
		const parameters = { sessionId, options };
		const output = await host.json('session.getResults', parameters, itemsWith(BLANKS));
		expect(output).toHaveLength(BLANKS.length);
		const waiting = { ...parameters, options: { ...options, waitUntilCompleted: true } };
		expect(await host.json('session.getResults', waiting, itemsWith(BLANKS))).toHaveLength(
			BLANKS.length,
		);
	});

	it.each(BLANKS)('the options of batching: %j', async (value) => {
		for (const batching of [{ batch: { batchSize: HERE, batchInterval: HERE } }, { batch: HERE }]) {
			const items = itemsWith([value, value]);
			expect(await host.json('account.get', { options: { batching } }, items)).toHaveLength(2);
		}
	});

	async function existing(): Promise<string> {
		const [webhook] = await host.json('webhook.create', { ...WEBHOOK, secretSource: 'generate' });
		return String(webhook?.id);
	}
});

describe('one coordinate without the other', () => {
	it.each(['latitude', 'longitude'])('is refused: %s is blank', async (name) => {
		const values = { latitude: 40.7, longitude: -74, [name]: HERE };
		const parameters = { targetType: 'location', additionalFields: { coordinates: { values } } };
		for (const item of itemsWith(BLANKS)) {
			expect(await textOf(host.run('analysis.submit', parameters, [item]))).toMatch(
				new RegExp(`^${name} is not a number: it is empty .*Enter both coordinates`, 'i'),
			);
		}
		expect(simulator.requests()).toEqual([]);
	});
});

describe('a required field is refused where it is blank:', () => {
	it.each<[string, string, IDataObject, RegExp]>([
		['type of session', 'session.create', { ...SESSION, sessionType: HERE }, /^Type is empty/],
		['target', 'session.create', { ...SESSION, target: HERE }, /^Target is empty/],
		['target type', 'analysis.submit', { targetType: HERE }, /^Target Type is empty/],
		['session', 'session.get', { sessionId: HERE }, /^Session ID is empty/],
		['webhook', 'webhook.delete', { webhook: byId(HERE) }, /^No webhook is chosen/],
		['URL', 'webhook.create', { ...WEBHOOK, url: HERE }, /^URL is empty/],
		['events', 'webhook.create', { ...WEBHOOK, events: HERE }, /^No event is chosen/],
		['events', 'webhook.upsert', { ...WEBHOOK, events: HERE }, /^No event is chosen/],
		['event', 'webhook.sendTest', { webhook: byId('wh'), eventType: HERE }, /^Event is empty/],
	])('%s of %s', async (_, operation, parameters, told) => {
		host.onError = 'continueRegularOutput';
		const output = await host.json(operation, parameters, itemsWith(BLANKS));
		expect(output).toHaveLength(BLANKS.length);
		for (const { error } of output) expect(error).toMatch(told);
		expect(simulator.requests()).toEqual([]);
	});
});
