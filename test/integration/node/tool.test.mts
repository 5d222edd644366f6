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

interface NodeError {
	name: string;
	message: string;
	description?: string;
}
async function getError(operation: string, parameters: IDataObject): Promise<NodeError> {
	return await host.run(operation, parameters).then(
		() => {
			throw new Error('It did not fail');
		},
		(error: NodeError) => error,
	);
}

const ERRORS: Array<[string, string, IDataObject, string]> = [
	[
		'an unknown event',
		'webhook.create',
		{ ...WEBHOOK, events: 'session.done', secretSource: 'generate' },
		'MindPeeker has no event "session.done". Choose among session.created, ',
	],
	[
		'a blank parameter',
		'session.create',
		{ target: '' },
		'Target is empty. Enter a value, then try again.',
	],
	[
		'an invalid number',
		'webhook.getAll',
		{ returnAll: false, limit: 'many' },
		'Limit must be a number of at least 1. Correct it, then try again.',
	],
	[
		'an invalid batch size',
		'account.get',
		{ options: { batching: { batch: { batchSize: 'x' } } } },
		'Items per Batch must be a number. Correct it under Batching, then try again.',
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
		'a request that the service rejects',
		'session.get',
		{ sessionId: 'sess_none' },
		'MindPeeker has no session sess_none (404: There is no such session). Check the ID, and',
	],
];

describe('as a tool of an AI agent, which receives only one text of an error', () => {
	it.each(ERRORS)('both texts contain the hint: %s', async (_, operation, parameters, text) => {
		const { message, description } = await getError(operation, parameters);
		expect(message.startsWith(text)).toBe(true);
		expect(description).toBe(message);
	});

	it.each(ERRORS)(
		'the output with On Error contains the hint, too: %s',
		async (_, operation, parameters, text) => {
			host.onError = 'continueRegularOutput';
			const [output] = await host.json(operation, parameters);
			expect(String(output?.error).startsWith(text)).toBe(true);
			expect(output?.error).toMatch(/ \[item 0\]$/);
		},
	);

	it('both texts contain the hint of a request that may have succeeded', async () => {
		simulator.faults.add({ on: 'api', kind: 'lost-response', method: 'POST' });
		const parameters = { sessionType: 'dowsing', target: 'A well' };
		const { message, description } = await getError('session.create', parameters);
		expect(message).toMatch(
			/could not be reached.* Check MindPeeker before you try again\. \[item/,
		);
		expect(description).toBe(message);
	});
});

describe('as a node of a workflow', () => {
	it.each(ERRORS)(
		'the message says what happened, the description contains the hint: %s',
		async (_, operation, parameters, text) => {
			host.type = 'n8n-nodes-mindpeeker.mindPeeker';
			const { message, description, name } = await getError(operation, parameters);
			const withoutItem = message.replace(' [item 0]', '');
			expect(`${withoutItem.replace(/\.$/, '')}. ${description}`.startsWith(text)).toBe(true);
			expect(message).not.toContain(description);
			expect(['NodeOperationError', 'MindPeekerApiError']).toContain(name);
		},
	);
});
