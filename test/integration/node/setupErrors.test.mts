import type { IDataObject, INode } from 'n8n-workflow';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { startSimulator, type Simulator } from '../../../simulator/index.mts';
import { NodeHost, getErrorText } from '../harness/nodeHost.mts';

const SESSION = { sessionType: 'dowsing', target: 'A well' };
const ITEMS = [{ json: { id: 1 } }, { json: { id: 2 } }];
let simulator: Simulator;
let host: NodeHost;

beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => {
	host = new NodeHost(simulator);
});
afterAll(async () => {
	expect(simulator.requests()).toEqual([]);
	await simulator.close();
});

const ERRORS: Array<[string, string, IDataObject, string]> = [
	[
		'an invalid batch size',
		'session.create',
		{ options: { batching: { batch: { batchSize: '={{ "x" }}' } } } },
		'Items per Batch must be a number',
	],
	[
		'an invalid batch interval',
		'session.create',
		{ options: { batching: { batch: { batchInterval: '={{ true }}' } } } },
		'Batch Interval must be a number',
	],
	['an unknown operation', 'session.paint', {}, 'There is no operation "paint"'],
	['an unknown resource', 'painting.create', {}, 'There is no resource "painting"'],
	[
		'a failing expression',
		'session.create',
		{ options: { batching: { batch: { batchSize: '={{ $("Nowhere").first().json.x }}' } } } },
		'',
	],
	[
		'a failing expression for the operation',
		'session.create',
		{ operation: '={{ $("Nowhere").first().json.x }}' },
		'',
	],
];

describe.each(ERRORS)('an error before the first item: %s', (_, operation, parameters, text) => {
	it.each<INode['onError']>(['continueErrorOutput', 'continueRegularOutput'])(
		'becomes the error of each item with On Error "%s"',
		async (onError) => {
			host.onError = onError;
			const output = await host.run(operation, { ...SESSION, ...parameters }, ITEMS);
			expect(output).toEqual(
				ITEMS.map((_item, item) => ({
					json: { error: expect.stringContaining(text) },
					pairedItem: { item },
				})),
			);
			for (const [index, { json }] of output.entries()) {
				expect(json.error).toMatch(new RegExp(`.+ \\[item ${index}\\]$`));
			}
		},
	);

	it('is thrown otherwise, without an item', async () => {
		const error = getErrorText(host.run(operation, { ...SESSION, ...parameters }, ITEMS));
		expect(await error).toContain(text);
		expect(await error).not.toMatch(/\[item|^undefined/);
	});
});
