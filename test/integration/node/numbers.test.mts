import type { IDataObject } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { startSimulator, type Simulator } from '../../../simulator/index.mts';
import { NodeHost, textOf } from '../harness/nodeHost.mts';

const HERE = '={{ $json.value }}';
const NO_NUMBERS = [true, false, [7], {}, { value: 7 }, 'x', '1,5', '7 minutes', 'NaN'];
let simulator: Simulator;
let host: NodeHost;

beforeEach(async () => {
	simulator = await startSimulator();
	host = new NodeHost(simulator);
});
afterEach(async () => await simulator.close());

const itemsWith = (values: unknown[]) =>
	values.map((value) => ({ json: { value } as IDataObject }));
const at = (latitude: unknown, longitude: unknown) => ({
	targetType: 'location',
	additionalFields: { coordinates: { values: { latitude, longitude } } },
});
const session = (options: IDataObject) => ({ sessionId: 's', options });

describe('what is not a number is refused, before any call:', () => {
	it.each<[string, string, object]>([
		['Latitude', 'analysis.submit', at(HERE, 0)],
		['Longitude', 'analysis.submit', at(0, HERE)],
		[
			'Duration',
			'session.create',
			{ sessionType: 'dowsing', target: 'A well', additionalFields: { durationMinutes: HERE } },
		],
		['Limit', 'webhook.getAll', { returnAll: false, limit: HERE }],
		['Wait at Most', 'session.getResults', session({ waitUntilCompleted: true, maxWait: HERE })],
		[
			'Wait Interval',
			'session.getResults',
			session({ waitUntilCompleted: true, pollInterval: HERE }),
		],
	])('%s', async (title, operation, parameters) => {
		host.onError = 'continueRegularOutput';
		const output = await host.json(operation, { ...parameters }, itemsWith(NO_NUMBERS));
		expect(output).toHaveLength(NO_NUMBERS.length);
		for (const { error } of output) {
			expect(error).toMatch(new RegExp(`^${title} is not a number from -?\\d+ (up|to \\d+) \\[`));
		}
		expect(simulator.requests()).toEqual([]);
	});

	it.each(
		['batchSize', 'batchInterval'].flatMap((name) => NO_NUMBERS.map((value) => [name, value])),
	)('%s of %j', async (name, value) => {
		const options = { batching: { batch: { [String(name)]: HERE } } };
		expect(await textOf(host.run('account.get', { options }, itemsWith([value])))).toMatch(
			/^(Items per Batch|Batch Interval) is not a number \| Correct it under Batching/,
		);
		expect(simulator.requests()).toEqual([]);
	});
});

describe('coordinates', () => {
	it.each<[unknown, unknown, string]>([
		[90.000001, 0, 'Latitude is not a number from -90 to 90'],
		[-91, 0, 'Latitude is not a number from -90 to 90'],
		['Infinity', 0, 'Latitude is not a number from -90 to 90'],
		[0, 180.1, 'Longitude is not a number from -180 to 180'],
		[0, '-181', 'Longitude is not a number from -180 to 180'],
	])('beyond the poles or the date line are refused: %j, %j', async (latitude, longitude, told) => {
		const parameters = at(
			`={{ ${JSON.stringify(latitude)} }}`,
			`={{ ${JSON.stringify(longitude)} }}`,
		);
		expect(await textOf(host.run('analysis.submit', parameters))).toContain(told);
		expect(simulator.requests()).toEqual([]);
	});

	it.each<[unknown, unknown]>([
		[90, 180],
		[-90, -180],
		[0, 0],
		['0', ' -0.5 '],
	])('up to them are sent: %j, %j', async (latitude, longitude) => {
		await host.run('analysis.submit', at(latitude, longitude));
		expect(simulator.requests().at(-1)?.body).toMatchObject({
			reference_material: {
				coordinates: { latitude: Number(latitude), longitude: Number(longitude) },
			},
		});
	});
});
