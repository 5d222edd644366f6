import type { IDataObject } from 'n8n-workflow';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { startSimulator, type Simulator } from '../../../simulator/index.mts';
import { byId, NodeHost } from '../harness/nodeHost.mts';

const WEBHOOK = { url: 'http://127.0.0.1:9/', events: ['session.completed'], active: true };
let simulator: Simulator;
let host: NodeHost;

beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => {
	simulator.faults.clear();
	host = new NodeHost(simulator);
	host.type = 'n8n-nodes-mindpeeker.mindPeekerTool';
});
afterAll(async () => await simulator.close());

interface Failure {
	name: string;
	message: string;
	description?: string;
}
async function failureOf(operation: string, parameters: IDataObject): Promise<Failure> {
	return await host.run(operation, parameters).then(
		() => {
			throw new Error('It did not fail');
		},
		(error: Failure) => error,
	);
}

const REFUSALS: Array<[string, string, IDataObject, string]> = [
	[
		'an unknown event',
		'webhook.create',
		{ ...WEBHOOK, events: 'session.done', secretSource: 'generate' },
		'MindPeeker has no event "session.done". Choose among session.created, ',
	],
	['a blank', 'session.create', { target: '' }, 'Target is empty. Enter one, then try again.'],
	[
		'a number that is none',
		'webhook.getAll',
		{ returnAll: false, limit: 'many' },
		'Limit is not a number from 1 up. Correct it, then try again.',
	],
	[
		'a batch size that is none',
		'account.get',
		{ options: { batching: { batch: { batchSize: 'x' } } } },
		'Items per Batch is not a number. Correct it under Batching, then try again.',
	],
	[
		'an unknown operation',
		'webhook.paint',
		{},
		'There is no operation "paint" of the resource "webhook". Choose one of create, upsert, ',
	],
	[
		'an unknown webhook',
		'webhook.get',
		{ webhook: byId('wh_none') },
		'There is no webhook wh_none. Check the ID, and that it belongs',
	],
	[
		'what the service refuses',
		'session.get',
		{ sessionId: 'sess_none' },
		'MindPeeker has no session sess_none (404: There is no such session). Check the ID, and',
	],
];

describe('as a tool of an AI agent, to which n8n shows one text of an error', () => {
	it.each(REFUSALS)('both texts say what to do: %s', async (_, operation, parameters, told) => {
		const { message, description } = await failureOf(operation, parameters);
		expect(message.startsWith(told)).toBe(true);
		expect(description).toBe(message);
	});

	it.each(REFUSALS)(
		'so does the data with On Error: %s',
		async (_, operation, parameters, told) => {
			host.onError = 'continueRegularOutput';
			const [output] = await host.json(operation, parameters);
			expect(String(output?.error).startsWith(told)).toBe(true);
			expect(output?.error).toMatch(/ \[item 0\]$/);
		},
	);

	it('a call whose outcome is not known has its own advice in both', async () => {
		simulator.faults.add({ on: 'api', kind: 'lost-answer', method: 'POST' });
		const parameters = { sessionType: 'dowsing', target: 'A well' };
		const { message, description } = await failureOf('session.create', parameters);
		expect(message).toMatch(
			/could not be reached.* look in MindPeeker before you try again\. \[item/,
		);
		expect(description).toBe(message);
	});
});

describe('as a node of a workflow', () => {
	it.each(REFUSALS)(
		'the message says what happened, the description what to do: %s',
		async (_, operation, parameters, told) => {
			host.type = 'n8n-nodes-mindpeeker.mindPeeker';
			const { message, description, name } = await failureOf(operation, parameters);
			const withoutItem = message.replace(' [item 0]', '');
			expect(`${withoutItem.replace(/\.$/, '')}. ${description}`.startsWith(told)).toBe(true);
			expect(message).not.toContain(description);
			expect(['NodeOperationError', 'MindPeekerError']).toContain(name);
		},
	);
});
