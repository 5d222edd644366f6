import type { IDataObject } from 'n8n-workflow';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { EVENT_TYPES } from '../../../nodes/shared/events/index.ts';
import { startSimulator, type Simulator } from '../../../simulator/index.mts';
import { byId, NodeHost, textOf } from '../harness/nodeHost.mts';

const URL_HERE = 'http://127.0.0.1:9/';
const HERE = '={{ $json.list }}';
let simulator: Simulator;
let host: NodeHost;

beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => {
	host = new NodeHost(simulator);
});
afterAll(async () => await simulator.close());

const lastBody = () => simulator.requests().at(-1)!.body as IDataObject;
const notationsOf = (one: string, two: string) => [
	[one, two],
	`["${one}","${two}"]`,
	`['${one}', '${two}']`,
	`[\n  "${one}",\n  "${two}"\n]`,
	`${one}, ${two}`,
	`${one};${two}`,
	`${one}\n${two}`,
	[`["${one}"]`, two],
];
const itemWith = (list: unknown) => [{ json: { list } as IDataObject }];

describe.each(notationsOf('session.completed', 'session.failed'))('the events %j', (...list) => {
	const events = ['session.completed', 'session.failed'];
	// A list in a table becomes the arguments.
	const given = list.length > 1 ? list : list[0];

	it('are those of a new webhook, and of one that is updated', async () => {
		const parameters = { url: URL_HERE, events: HERE, secretSource: 'generate', active: true };
		const [{ id } = {}] = await host.json('webhook.create', parameters, itemWith(given));
		expect(lastBody().events).toEqual(events);
		const update = { webhook: byId(String(id)), updateFields: { events: HERE } };
		await host.run('webhook.update', update, itemWith(given));
		expect(lastBody()).toEqual({ events });
	});

	it('are those of Create or Update', async () => {
		const url = `${URL_HERE}${Math.random()}`;
		const parameters = { url, events: HERE, secretSource: 'entered', secret: 'x' };
		const [output] = await host.json('webhook.upsert', parameters, itemWith(given));
		expect(output).toMatchObject({ events, change: 'created' });
	});

	it('are a filter', async () => {
		const parameters = { url: `${URL_HERE}filter`, secretSource: 'generate', active: true };
		const [{ id } = {}] = await host.json('webhook.create', {
			...parameters,
			events: ['session.failed'],
		});
		await host.run('webhook.create', { ...parameters, events: ['session.created'] });
		const filters = { events: HERE, url: 'filter' };
		const many = { returnAll: true, filters };
		const found = await host.json('webhook.getAll', many, itemWith(given));
		expect(found.map((webhook) => webhook.id)).toContain(id);
		expect(found.every((webhook) => !String(webhook.events).includes('created'))).toBe(true);
	});
});

describe('photos and documents', () => {
	const [one, two] = ['https://example.com/w_4,h_3/1.jpg', 'https://example.com/2.jpg?at=1;2'];
	it.each(notationsOf(one, two).map((list) => [list] as const))('may be %j', async (list) => {
		const additionalFields = { photos: HERE, documents: HERE };
		const parameters = { targetType: 'location', additionalFields };
		await host.run('analysis.submit', parameters, itemWith(list));
		expect(lastBody().reference_material).toEqual({
			photos: [one, two],
			documents: [one, two],
		});
	});
});

describe('an event that MindPeeker does not have', () => {
	it.each<[unknown, string]>([
		['session.done', 'session.done'],
		['["session.completed","session.done"]', 'session.done'],
		[['session.completed', 7], '7'],
		[['session.completed', { type: 'x' }], '{"type":"x"}'],
	])('is refused by name: %j', async (list, name) => {
		const parameters = { url: URL_HERE, events: HERE, secretSource: 'generate', active: true };
		const told = await textOf(host.run('webhook.create', parameters, itemWith(list)));
		expect(told).toContain(`MindPeeker has no event "${name}" [item 0] | Choose among session.`);
	});

	it('is not looked for where all events are chosen by a star', async () => {
		const parameters = { url: URL_HERE, events: '["*"]', secretSource: 'generate', active: true };
		await host.run('webhook.create', parameters);
		expect(lastBody().events).toHaveLength(EVENT_TYPES.length);
	});
});
