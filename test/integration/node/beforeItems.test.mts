import type { IDataObject, INode } from 'n8n-workflow';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { startSimulator, type Simulator } from '../../../simulator/index.mts';
import { NodeHost, textOf } from '../harness/nodeHost.mts';

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

const FAILURES: Array<[string, string, IDataObject, string]> = [
	[
		'a number of items per batch that is none',
		'session.create',
		{ options: { batching: { batch: { batchSize: '={{ "x" }}' } } } },
		'Items per Batch is not a number',
	],
	[
		'a batch interval that is none',
		'session.create',
		{ options: { batching: { batch: { batchInterval: '={{ true }}' } } } },
		'Batch Interval is not a number',
	],
	['an operation that there is none of', 'session.paint', {}, 'There is no operation "paint"'],
	['a resource that there is none of', 'painting.create', {}, 'There is no resource "painting"'],
	[
		'an expression that fails',
		'session.create',
		{ options: { batching: { batch: { batchSize: '={{ $("Nowhere").first().json.x }}' } } } },
		'',
	],
	[
		'an expression for the operation that fails',
		'session.create',
		{ operation: '={{ $("Nowhere").first().json.x }}' },
		'',
	],
];

describe.each(FAILURES)('a failure before the first item: %s', (_, operation, parameters, told) => {
	it.each<INode['onError']>(['continueErrorOutput', 'continueRegularOutput'])(
		'is the error of each item, with On Error "%s"',
		async (onError) => {
			host.onError = onError;
			const output = await host.run(operation, { ...SESSION, ...parameters }, ITEMS);
			expect(output).toEqual(
				ITEMS.map((_item, item) => ({
					json: { error: expect.stringContaining(told) },
					pairedItem: { item },
				})),
			);
			for (const [index, { json }] of output.entries()) {
				expect(json.error).toMatch(new RegExp(`.+ \\[item ${index}\\]$`));
			}
		},
	);

	it('is thrown otherwise, and names no item', async () => {
		const running = textOf(host.run(operation, { ...SESSION, ...parameters }, ITEMS));
		expect(await running).toContain(told);
		expect(await running).not.toMatch(/\[item|^undefined/);
	});
});
