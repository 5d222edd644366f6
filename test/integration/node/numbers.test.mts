import type { IDataObject } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { startSimulator, type Simulator } from '../../../simulator/index.mts';
import { NodeHost, getErrorText } from '../harness/nodeHost.mts';

const VALUE = '={{ $json.value }}';
const INVALID_NUMBERS = [true, false, [7], {}, { value: 7 }, 'x', '1,5', '7 minutes', 'NaN'];
let simulator: Simulator;
let host: NodeHost;

beforeEach(async () => {
	simulator = await startSimulator();
	host = new NodeHost(simulator);
});
afterEach(async () => await simulator.close());

const createItems = (values: unknown[]) =>
	values.map((value) => ({ json: { value } as IDataObject }));
const createParameters = (latitude: unknown, longitude: unknown) => ({
	targetType: 'location',
	additionalFields: { coordinates: { values: { latitude, longitude } } },
});
const createSessionParameters = (options: IDataObject) => ({ sessionId: 's', options });

describe('an invalid number is rejected without a request:', () => {
	it.each<[string, string, object]>([
		['Latitude', 'analysis.submit', createParameters(VALUE, 0)],
		['Longitude', 'analysis.submit', createParameters(0, VALUE)],
		[
			'Duration',
			'session.create',
			{ sessionType: 'dowsing', target: 'A well', additionalFields: { durationMinutes: VALUE } },
		],
		['Limit', 'webhook.getAll', { returnAll: false, limit: VALUE }],
		[
			'Wait at Most',
			'session.getResults',
			createSessionParameters({ waitUntilCompleted: true, maxWait: VALUE }),
		],
		[
			'Wait Interval',
			'session.getResults',
			createSessionParameters({ waitUntilCompleted: true, pollInterval: VALUE }),
		],
	])('%s', async (title, operation, parameters) => {
		host.onError = 'continueRegularOutput';
		const output = await host.json(operation, { ...parameters }, createItems(INVALID_NUMBERS));
		expect(output).toHaveLength(INVALID_NUMBERS.length);
		for (const { error } of output) {
			expect(error).toMatch(
				new RegExp(`^${title} must be a number (from -?\\d+ to \\d+|of at least \\d+) \\[`),
			);
		}
		expect(simulator.requests()).toEqual([]);
	});

	it.each(
		['batchSize', 'batchInterval'].flatMap((name) => INVALID_NUMBERS.map((value) => [name, value])),
	)('%s of %j', async (name, value) => {
		const options = { batching: { batch: { [String(name)]: VALUE } } };
		expect(await getErrorText(host.run('account.get', { options }, createItems([value])))).toMatch(
			/^(Items per Batch|Batch Interval) must be a number \| Correct it under Batching/,
		);
		expect(simulator.requests()).toEqual([]);
	});
});

describe('coordinates', () => {
	it.each<[unknown, unknown, string]>([
		[90.000001, 0, 'Latitude must be a number from -90 to 90'],
		[-91, 0, 'Latitude must be a number from -90 to 90'],
		['Infinity', 0, 'Latitude must be a number from -90 to 90'],
		[0, 180.1, 'Longitude must be a number from -180 to 180'],
		[0, '-181', 'Longitude must be a number from -180 to 180'],
	])('outside the limits are rejected: %j, %j', async (latitude, longitude, text) => {
		const parameters = createParameters(
			`={{ ${JSON.stringify(latitude)} }}`,
			`={{ ${JSON.stringify(longitude)} }}`,
		);
		expect(await getErrorText(host.run('analysis.submit', parameters))).toContain(text);
		expect(simulator.requests()).toEqual([]);
	});

	it.each<[unknown, unknown]>([
		[90, 180],
		[-90, -180],
		[0, 0],
		['0', ' -0.5 '],
	])('within the limits are sent: %j, %j', async (latitude, longitude) => {
		await host.run('analysis.submit', createParameters(latitude, longitude));
		expect(simulator.requests().at(-1)?.body).toMatchObject({
			reference_material: {
				coordinates: { latitude: Number(latitude), longitude: Number(longitude) },
			},
		});
	});
});
