import type { IDataObject } from 'n8n-workflow';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { EVENT_TYPES } from '../../../nodes/shared/events/eventTypes.ts';
import { startSimulator, type Simulator } from '../../../simulator/index.mts';
import { byId, NodeHost, getErrorText } from '../harness/nodeHost.mts';

const WEBHOOK_URL = 'http://127.0.0.1:9/';
const LIST = '={{ $json.list }}';
let simulator: Simulator;
let host: NodeHost;

beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => {
	host = new NodeHost(simulator);
});
afterAll(async () => await simulator.close());

const getLastBody = () => simulator.requests().at(-1)!.body as IDataObject;
const createNotations = (one: string, two: string) => [
	[one, two],
	`["${one}","${two}"]`,
	`['${one}', '${two}']`,
	`[\n  "${one}",\n  "${two}"\n]`,
	`${one}, ${two}`,
	`${one};${two}`,
	`${one}\n${two}`,
	[`["${one}"]`, two],
];
const createItems = (list: unknown) => [{ json: { list } as IDataObject }];

describe.each(createNotations('session.completed', 'session.failed'))(
	'the events %j',
	(...list) => {
		const events = ['session.completed', 'session.failed'];
		// Jest spreads a list in the table into arguments.
		const value = list.length > 1 ? list : list[0];

		it('are used by Create and Update', async () => {
			const parameters = { url: WEBHOOK_URL, events: LIST, secretSource: 'generate', active: true };
			const [{ id } = {}] = await host.json('webhook.create', parameters, createItems(value));
			expect(getLastBody().events).toEqual(events);
			const update = { webhook: byId(String(id)), updateFields: { events: LIST } };
			await host.run('webhook.update', update, createItems(value));
			expect(getLastBody()).toEqual({ events });
		});

		it('are used by Create or Update', async () => {
			const url = `${WEBHOOK_URL}${Math.random()}`;
			const parameters = { url, events: LIST, secretSource: 'entered', secret: 'x' };
			const [output] = await host.json('webhook.upsert', parameters, createItems(value));
			expect(output).toMatchObject({ events, change: 'created' });
		});

		it('are used as a filter', async () => {
			const parameters = { url: `${WEBHOOK_URL}filter`, secretSource: 'generate', active: true };
			const [{ id } = {}] = await host.json('webhook.create', {
				...parameters,
				events: ['session.failed'],
			});
			await host.run('webhook.create', { ...parameters, events: ['session.created'] });
			const filters = { events: LIST, url: 'filter' };
			const many = { returnAll: true, filters };
			const found = await host.json('webhook.getAll', many, createItems(value));
			expect(found.map((webhook) => webhook.id)).toContain(id);
			expect(found.every((webhook) => !String(webhook.events).includes('created'))).toBe(true);
		});
	},
);

describe('photos and documents', () => {
	const [one, two] = ['https://example.com/w_4,h_3/1.jpg', 'https://example.com/2.jpg?at=1;2'];
	it.each(createNotations(one, two).map((list) => [list] as const))('accept %j', async (list) => {
		const additionalFields = { photos: LIST, documents: LIST };
		const parameters = { targetType: 'location', additionalFields };
		await host.run('analysis.submit', parameters, createItems(list));
		expect(getLastBody().reference_material).toEqual({
			photos: [one, two],
			documents: [one, two],
		});
	});
});

describe('an unknown event', () => {
	it.each<[unknown, string]>([
		['session.done', 'session.done'],
		['["session.completed","session.done"]', 'session.done'],
		[['session.completed', 7], '7'],
		[['session.completed', { type: 'x' }], '{"type":"x"}'],
	])('is rejected with its name: %j', async (list, name) => {
		const parameters = { url: WEBHOOK_URL, events: LIST, secretSource: 'generate', active: true };
		const text = await getErrorText(host.run('webhook.create', parameters, createItems(list)));
		expect(text).toContain(`MindPeeker has no event "${name}" [item 0] | Choose among session.`);
	});

	it('is not reported for "*", which means all events', async () => {
		const parameters = {
			url: WEBHOOK_URL,
			events: '["*"]',
			secretSource: 'generate',
			active: true,
		};
		await host.run('webhook.create', parameters);
		expect(getLastBody().events).toHaveLength(EVENT_TYPES.length);
	});
});
