import type { IDataObject } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { sign } from '../../nodes/shared/signature.ts';
import { startSimulator, type Simulator } from '../../simulator/index.mts';
import { createEvent } from './harness/deliver.mts';
import { TriggerHost } from './harness/triggerHost.mts';

const EVENTS = ['session.completed'];
let simulator: Simulator;
let host: TriggerHost;

beforeEach(async () => {
	simulator = await startSimulator();
	const { apiKey, baseUrl } = simulator;
	const credential = { apiKey, environment: 'custom', baseUrl };
	host = await new TriggerHost({ parameters: { events: EVENTS }, credential }).start();
	await host.publish();
});
afterEach(async () => {
	await host.stop();
	await simulator.close();
});

/** Adds unknown fields to every object, as a later version may. */
function addFields(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(addFields);
	if (typeof value !== 'object' || value === null) return value;
	const entries = Object.entries(value).map(([key, inner]) => [key, addFields(inner)]);
	return { ...Object.fromEntries(entries), laterText: 'x', laterObject: { laterList: [{}] } };
}

async function deliver(id: string): Promise<number> {
	const body = JSON.stringify(createEvent(id));
	const signature = sign(Buffer.from(body), simulator.webhooks()[0]!.secret);
	const headers = { 'X-MindPeeker-Signature': signature };
	return (await fetch(host.url, { method: 'POST', headers, body })).status;
}

describe('a trigger with the data of a later version', () => {
	beforeEach(() => {
		host.savedStaticData = addFields(host.savedStaticData) as IDataObject;
		host.setup.parameters = addFields({ events: EVENTS, options: {} }) as IDataObject;
	});

	it('keeps its webhook and its secret', async () => {
		expect(await host.run('checkExists')).toBe(true);
		expect(await deliver('evt_1')).toBe(200);
		expect(host.executions).toEqual([[{ json: createEvent('evt_1') }]]);
	});

	it('removes its webhook', async () => {
		await host.unpublish();
		expect(simulator.webhooks()).toEqual([]);
	});

	it('can be published again', async () => {
		await host.unpublish();
		await host.publish();
		expect(await deliver('evt_1')).toBe(200);
	});
});
