import type { INodeExecutionData } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { RESOURCES } from '../../../nodes/MindPeeker/resources/index.ts';
import { startSimulator, type Simulator } from '../../../simulator/index.mts';
import { SECRET } from '../harness/deliver.mts';
import { store } from '../harness/deduplicationStore.mts';
import { NodeHost, getErrorText, WORKFLOW_ID } from '../harness/nodeHost.mts';
import { toExpressions, OPERATIONS, createParameters } from '../harness/operations.mts';

let simulator: Simulator;
let host: NodeHost;

beforeEach(async () => {
	store.reset(WORKFLOW_ID);
	simulator = await startSimulator({ timeFactor: 1_000 });
	host = new NodeHost(simulator);
	host.credential = { signingSecret: SECRET };
});
afterEach(async () => await simulator.close());

/** Creates two items with all parameters, and expressions that read them. */
async function createItems(operation: string) {
	const values = [
		await createParameters(operation, host, simulator, 0),
		await createParameters(operation, host, simulator, 1),
	];
	const items: INodeExecutionData[] = values.map((json) => ({ json }));
	const parameters = toExpressions(values[0]!, '$json');
	return { parameters, items };
}

/** A value that differs between the two items, and occurs in the request or the output. */
const DISTINCT_VALUE = /evt_\d|Well \d|127\.0\.0\.1:9\/\d|wh_\w+|sess_\w+|location|person|$/;

const online = OPERATIONS.filter((operation) => operation !== 'event.verify');
const injectResponse = (status: number, more = {}) =>
	simulator.faults.add({ on: 'api', kind: 'response', status, probability: 1, ...more });

describe('every operation', () => {
	it.each(RESOURCES)('is in the subtitle: $name', async ({ name, value, operations }) => {
		for (const operation of operations) {
			const subtitle = await host.getSubtitle(`${value}.${operation.value}`);
			expect(subtitle).toBe(`${operation.name}: ${name}`);
		}
	});

	it.each(OPERATIONS)('reads all parameters from each item: %s', async (operation) => {
		const { parameters, items } = await createItems(operation);
		const before = simulator.requests().length;
		const output = await host.run(operation, parameters, items);
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
		expect(output.every(({ json }) => json.error === undefined)).toBe(true);
		const sentAndReturned = JSON.stringify([simulator.requests().slice(before), output]);
		for (const { json } of items) {
			expect(sentAndReturned).toContain(DISTINCT_VALUE.exec(JSON.stringify(json))?.[0]);
		}
	});

	it.each(online.filter((operation) => operation !== 'webhook.get'))(
		'processes the second item if the first one fails: %s',
		async (operation) => {
			const { parameters, items } = await createItems(operation);
			host.onError = 'continueRegularOutput';
			injectResponse(403, { times: 1 });
			const options = { batching: { batch: { batchSize: 1, batchInterval: 0 } } };
			const output = await host.run(operation, { ...parameters, options }, items);
			expect(output).toMatchObject([
				{ json: { error: expect.stringMatching(/\(403.*\[item 0\]$/) }, pairedItem: { item: 0 } },
				{ pairedItem: { item: 1 } },
			]);
			expect(output[1]?.json.error).toBeUndefined();
		},
	);

	it.each(
		online.flatMap((operation) =>
			(
				[
					[400, /rejected the request \(400: .*\| Check the parameters/],
					[401, /does not accept the API key \(401: .*\| Enter a valid key/],
					[403, /does not have permission .*\(403: .*\| Use an API key/],
					[429, /rate limit was exceeded \(429: .*\| Wait 500 seconds/],
					[501, /failed to process the request \(501: .*\| (Try again|The .* may have been)/],
				] as const
			).map(([status, text]) => [operation, status, text] as const),
		),
	)('%s explains status %d', async (operation, status, text) => {
		const parameters = await createParameters(operation, host, simulator);
		injectResponse(status, { retryAfter: 500 });
		expect(await getErrorText(host.run(operation, parameters))).toMatch(text);
	});
});
