import type { INodeExecutionData } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { startSimulator, type Simulator } from '../../../simulator/index.mts';
import { SECRET } from '../harness/deliver.mts';
import { store } from '../harness/executionsOf.mts';
import { NodeHost, textOf, WORKFLOW_ID } from '../harness/nodeHost.mts';
import { fromItem, OPERATIONS, parametersFor } from '../harness/operations.mts';

let simulator: Simulator;
let host: NodeHost;

beforeEach(async () => {
	store.reset(WORKFLOW_ID);
	simulator = await startSimulator({ timeFactor: 1_000 });
	host = new NodeHost(simulator);
	host.credential = { signingSecret: SECRET };
});
afterEach(async () => await simulator.close());

/** Parameters that all come from the item by an expression, with two items that have them. */
async function twoItems(operation: string) {
	const own = [
		await parametersFor(operation, host, simulator, 0),
		await parametersFor(operation, host, simulator, 1),
	];
	const items: INodeExecutionData[] = own.map((json) => ({ json }));
	const parameters = fromItem(own[0]!, '$json');
	return { parameters, items };
}

/** What is entered for one item and not for the other, and shows in what is sent or comes out. */
const TELLING = /evt_\d|Well \d|127\.0\.0\.1:9\/\d|wh_\w+|sess_\w+|location|person|$/;

const calling = OPERATIONS.filter((operation) => operation !== 'event.verify');
const answer = (status: number, more = {}) =>
	simulator.faults.add({ on: 'api', kind: 'answer', status, probability: 1, ...more });

describe('every operation', () => {
	it.each(OPERATIONS)('takes all it needs from each item: %s', async (operation) => {
		const { parameters, items } = await twoItems(operation);
		const before = simulator.requests().length;
		const output = await host.run(operation, parameters, items);
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
		expect(output.every(({ json }) => json.error === undefined)).toBe(true);
		const said = JSON.stringify([simulator.requests().slice(before), output]);
		for (const { json } of items) expect(said).toContain(TELLING.exec(JSON.stringify(json))?.[0]);
	});

	it.each(calling.filter((operation) => operation !== 'webhook.get'))(
		'goes on with the second item where the first fails: %s',
		async (operation) => {
			const { parameters, items } = await twoItems(operation);
			host.onError = 'continueRegularOutput';
			answer(403, { times: 1 });
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
		calling.flatMap((operation) =>
			(
				[
					[400, /rejected the request \(400: .*\| Check what was entered/],
					[401, /does not accept the API key \(401: .*\| Enter a valid key/],
					[403, /does not allow this .*\(403: .*\| Use a key/],
					[429, /rate limit is used up \(429: .*\| Wait 500 seconds/],
					[501, /failed to process the request \(501: .*\| (Try again|The .* may have been)/],
				] as const
			).map(([status, text]) => [operation, status, text] as const),
		),
	)('%s says what %d means and what to do', async (operation, status, text) => {
		const parameters = await parametersFor(operation, host, simulator);
		answer(status, { retryAfter: 500 });
		expect(await textOf(host.run(operation, parameters))).toMatch(text);
	});
});
