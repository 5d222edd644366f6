import type { IDataObject } from 'n8n-workflow';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { CREDENTIAL, type TestEnvironment } from '../../dev/testEnvironment/testEnvironment.mts';
import { startHeadlessEnvironment } from '../support/headlessEnvironment.mts';
import { startSimulator } from '../../simulator/index.mts';
import { getOutput, type WorkflowImport, type WorkflowNode } from '../../dev/lab/index.mts';
import { sign } from '../../nodes/shared/signature.ts';
import { createWebhook } from '../support/api.mts';
import { ChatModel } from '../support/chatModel.mts';
import { dumpOnFailure } from './harness/dumpOnFailure.mts';

const TIMEOUT = { timeoutMs: 30_000 };
const HOOK = 'http://127.0.0.1:9/hooks/lifecycle';
const SECRET = 'entered in the node';
let environment: TestEnvironment;

dumpOnFailure(() => environment);

beforeAll(async () => {
	environment = await startHeadlessEnvironment({ simulator: { timeFactor: 1_000 } });
});
afterAll(async () => await environment?.close());

const START = 'Start';
const createStartNode = (id: string): WorkflowNode => ({
	name: START,
	type: 'n8n-nodes-base.webhook',
	typeVersion: 2,
	position: [0, 0],
	webhookId: id,
	parameters: { httpMethod: 'POST', path: id },
});
const createNode = (
	name: string,
	operation: string,
	parameters: IDataObject = {},
): WorkflowNode => ({
	name,
	type: 'n8n-nodes-mindpeeker.mindPeeker',
	typeVersion: 1,
	position: [0, 0],
	credentials: CREDENTIAL,
	parameters: {
		resource: operation.split('.')[0],
		operation: operation.split('.')[1],
		...parameters,
	},
});

/** Turns the items of the request into items of the workflow. */
const splitNode: WorkflowNode = {
	name: 'Split',
	type: 'n8n-nodes-base.splitOut',
	typeVersion: 1,
	position: [0, 0],
	parameters: { fieldToSplitOut: 'body.items', options: {} },
};

/** Connects the nodes one after the other. */
function createChain(id: string, nodes: WorkflowNode[]): WorkflowImport {
	const connections = nodes.slice(1).map(({ name }, index) => {
		const next = { node: name, type: 'main', index: 0 };
		return [nodes[index]!.name, { main: [[next]] }] as const;
	});
	const settings = { executionOrder: 'v1' };
	return { id, name: id, nodes, connections: Object.fromEntries(connections), settings };
}

/** Publishes and runs a workflow. Returns its execution and a function that reads the output of a node. */
async function runToEnd(workflow: WorkflowImport, items: IDataObject[] = []) {
	const id = workflow.id!;
	await environment.n8n.workflows.import(workflow);
	await environment.n8n.workflows.publish(id);
	await fetch(`${environment.n8n.url}/webhook/${id}`, {
		method: 'POST',
		headers: { 'Content-Type': 'application/json' },
		body: JSON.stringify({ items }),
	});
	const [finished] = await environment.n8n.executions.waitFor({
		workflowId: id,
		count: 1,
		...TIMEOUT,
	});
	const execution = await environment.n8n.executions.get(finished!.id);
	const getOutputs = (name: string, output = 0) =>
		getOutput(execution, name, output).map(({ json }) => json);
	return { execution, getOutputs };
}

/** Runs a workflow that must succeed. */
async function run(...parameters: Parameters<typeof runToEnd>) {
	const { execution, getOutputs } = await runToEnd(...parameters);
	expect(execution.data.resultData.error?.message).toBeUndefined();
	return getOutputs;
}

/** Runs all webhook operations, each once. */
function createLifecycle(): WorkflowImport {
	const webhook = { __rl: true, mode: 'id', value: '={{ $("Create").first().json.id }}' };
	return createChain('lifecycle', [
		createStartNode('lifecycle'),
		createNode('Create', 'webhook.create', {
			url: HOOK,
			events: ['session.completed'],
			secretSource: 'entered',
			secret: SECRET,
		}),
		createNode('Get', 'webhook.get', { webhook }),
		createNode('Get Many', 'webhook.getAll', {
			returnAll: true,
			filters: { url: '/hooks/lifecycle' },
		}),
		createNode('Update', 'webhook.update', {
			webhook,
			updateFields: { events: ['session.completed', 'session.failed'] },
		}),
		createNode('Test', 'webhook.sendTest', {
			webhook,
			eventType: 'session.failed',
			testData: '{ "session_id": "sess_test" }',
		}),
		createNode('Upsert', 'webhook.upsert', {
			url: HOOK,
			events: ['*'],
			secretSource: 'entered',
			secret: SECRET,
		}),
		createNode('Delete', 'webhook.delete', {
			webhook: { ...webhook, value: '={{ $("Upsert").first().json.id }}' },
		}),
	]);
}

describe('in a real n8n', () => {
	it('a workflow runs all webhook operations and leaves no webhook', async () => {
		const getOutputs = await run(createLifecycle());
		const [created] = getOutputs('Create');
		expect(created).toMatchObject({ url: HOOK, events: ['session.completed'], active: true });
		expect(getOutputs('Get')).toMatchObject([{ id: created?.id }]);
		expect(getOutputs('Get Many')).toMatchObject([{ id: created?.id }]);
		expect(getOutputs('Update')).toMatchObject([
			{ events: ['session.completed', 'session.failed'] },
		]);
		expect(getOutputs('Test')).toMatchObject([{ event_type: 'session.failed' }]);
		expect(getOutputs('Upsert')).toMatchObject([{ change: 'replaced' }]);
		expect(getOutputs('Delete')).toEqual([{ deleted: true }]);
		expect(environment.simulator.webhooks().filter(({ url }) => url === HOOK)).toEqual([]);
		const [delivery] = environment.simulator.deliveries({ webhookId: String(created?.id) });
		expect(delivery).toMatchObject({
			eventType: 'session.failed',
			body: expect.stringContaining('sess_test'),
		});
	});

	it('a workflow creates a session and waits for its results', async () => {
		const additionalFields = { durationMinutes: 1 };
		const getOutputs = await run(
			createChain('results', [
				createStartNode('results'),
				createNode('Account', 'account.get'),
				createNode('Analysis', 'analysis.submit', { targetType: 'person' }),
				createNode('Session', 'session.create', {
					sessionType: 'remote_viewing',
					target: '={{ "For " + $("Account").first().json.email }}',
					additionalFields,
				}),
				createNode('State', 'session.get', { sessionId: '={{ $json.session_id }}' }),
				createNode('Results', 'session.getResults', {
					sessionId: '={{ $json.session_id }}',
					options: { waitUntilCompleted: true, pollInterval: 1 },
				}),
			]),
		);
		expect(getOutputs('Analysis')).toMatchObject([{ status: 'queued' }]);
		expect(getOutputs('State')).toMatchObject([{ status: expect.any(String) }]);
		expect(getOutputs('Results')).toMatchObject([
			{ results: { descriptors: ['urban environment', 'water body nearby'] } },
		]);
	});

	it('a workflow verifies the raw body of an event that a Webhook node received', async () => {
		const body = '{"id":  "evt_1","type":"session.completed"}';
		const id = 'verify';
		const hook = createStartNode(id);
		hook.parameters.options = { rawBody: true };
		const verify = createNode('Verify', 'event.verify', {
			bodySource: 'binary',
			binaryPropertyName: 'data',
			signature: '={{ $json.headers["x-mindpeeker-signature"] }}',
			secretSource: 'entered',
			secret: SECRET,
			options: { outputVerdict: true },
		});
		await environment.n8n.workflows.import(createChain(id, [hook, verify]));
		await environment.n8n.workflows.publish(id);
		for (const secret of [SECRET, 'another']) {
			const headers = {
				'Content-Type': 'application/json',
				'X-MindPeeker-Signature': sign(Buffer.from(body), secret),
			};
			await fetch(`${environment.n8n.url}/webhook/${id}`, { method: 'POST', headers, body });
		}
		const finished = await environment.n8n.executions.waitFor({
			workflowId: id,
			count: 2,
			...TIMEOUT,
		});
		const all = await Promise.all(
			finished.map(({ id: executionId }) => environment.n8n.executions.get(executionId)),
		);
		const results = all.map((execution) => getOutput(execution, 'Verify')[0]?.json);
		expect(results).toHaveLength(2);
		expect(results).toContainEqual({
			verified: true,
			event: { id: 'evt_1', type: 'session.completed' },
		});
		expect(results).toContainEqual({ verified: false, reason: expect.any(String) });
	});

	it('Create or Update recognizes its webhook in the next execution', async () => {
		const url = `${HOOK}/again`;
		const upsert = createNode('Upsert', 'webhook.upsert', {
			url,
			events: ['session.completed'],
			secretSource: 'entered',
			secret: SECRET,
		});
		const [{ id, change } = {}] = (
			await run(createChain('again', [createStartNode('again'), upsert]))
		)('Upsert');
		expect(change).toBe('created');
		await fetch(`${environment.n8n.url}/webhook/again`, { method: 'POST' });
		const counted = { workflowId: 'again', count: 2, ...TIMEOUT };
		const [latest] = await environment.n8n.executions.waitFor(counted);
		const execution = await environment.n8n.executions.get(latest!.id);
		expect(getOutput(execution, 'Upsert')).toMatchObject([{ json: { id, change: 'none' } }]);
	});

	it('a failed item is sent to the error output with its input', async () => {
		const get = createNode('Get', 'session.get', { sessionId: 'sess_no' });
		const getOutputs = await run(
			createChain('errors', [
				createStartNode('errors'),
				{ ...get, onError: 'continueErrorOutput' },
			]),
		);
		expect(getOutputs('Get')).toEqual([]);
		expect(getOutputs('Get', 1)).toMatchObject([
			{
				error: expect.stringMatching(/has no session sess_no.*\[item 0\]/),
				headers: expect.anything(),
			},
		]);
	});
});

describe('with Retry On Fail in a real n8n', () => {
	const create = {
		...createNode('Create', 'session.create', {
			sessionType: 'dowsing',
			target: '={{ $json.target }}',
		}),
		retryOnFail: true,
		maxTries: 3,
		waitBetweenTries: 100,
	};
	const createItems = (prefix: string) =>
		['', '1', '2'].map((number) => ({ target: number && `${prefix} ${number}` }));
	const getCreatedTargets = (prefix: string) =>
		environment.simulator
			.requests()
			.map(({ body }) => String((body as IDataObject | undefined)?.target))
			.filter((target) => target.startsWith(prefix));

	it.each([
		['the last', (all: IDataObject[]) => [...all].reverse()],
		['the first', (all: IDataObject[]) => all],
	])('no session is created twice if %s item fails', async (name, order) => {
		const id = `retry-${name.replace(' ', '-')}`;
		const items = order(createItems(id));
		const { execution } = await runToEnd(
			createChain(id, [createStartNode(id), splitNode, create]),
			items,
		);
		expect(execution.data.resultData.error?.message).toMatch(/^Target is empty \[item \d\]/);
		expect(getCreatedTargets(id).sort()).toEqual([`${id} 1`, `${id} 2`]);
	});

	it('no session is created twice with an error output, and all created ones are output', async () => {
		const id = 'retry-output';
		const node = { ...create, onError: 'continueErrorOutput' as const };
		const getOutputs = await run(
			createChain(id, [createStartNode(id), splitNode, node]),
			createItems(id),
		);
		expect(getCreatedTargets(id).sort()).toEqual([`${id} 1`, `${id} 2`]);
		expect(getOutputs('Create').map((session) => session.session_id)).toHaveLength(2);
		expect(getOutputs('Create', 1)).toMatchObject([
			{ error: 'Target is empty [item 0]', target: '' },
		]);
	});

	it('no session is created twice after a lost response', async () => {
		const id = 'retry-lost';
		const path = '/sessions';
		environment.simulator.faults.add({ on: 'api', kind: 'lost-response', path, method: 'POST' });
		const items = [{ target: id }];
		const { execution } = await runToEnd(
			createChain(id, [createStartNode(id), splitNode, create]),
			items,
		);
		expect(execution.data.resultData.error?.message).toMatch(/could not be reached/);
		expect(getCreatedTargets(id)).toEqual([id]);
	});

	it('a loop creates a session in each round', async () => {
		const id = 'retry-loop';
		const loop: WorkflowNode = {
			name: 'Loop',
			type: 'n8n-nodes-base.splitInBatches',
			typeVersion: 3,
			position: [0, 0],
			parameters: { batchSize: 1, options: {} },
		};
		const node = { ...create, parameters: { ...create.parameters, target: id } };
		const { connections, ...workflow } = createChain(id, [createStartNode(id), splitNode, loop]);
		const getOutputs = await run(
			{
				...workflow,
				nodes: [...workflow.nodes, node],
				connections: {
					...connections,
					Loop: { main: [[], [{ node: 'Create', type: 'main', index: 0 }]] },
					Create: { main: [[{ node: 'Loop', type: 'main', index: 0 }]] },
				},
			},
			[{ round: 1 }, { round: 2 }, { round: 3 }],
		);
		expect(getOutputs('Loop')).toHaveLength(3);
		expect(getCreatedTargets(id)).toHaveLength(3);
	});
});

it('an error before the first item is sent to the error output for each item', async () => {
	const get = createNode('Get', 'account.get', {
		options: { batching: { batch: { batchSize: '={{ "x" }}' } } },
	});
	const id = 'before-items';
	const node = { ...get, onError: 'continueErrorOutput' as const };
	const getOutputs = await run(createChain(id, [createStartNode(id), splitNode, node]), [
		{ name: 'a' },
		{ name: 'b' },
	]);
	expect(getOutputs('Get')).toEqual([]);
	expect(getOutputs('Get', 1)).toEqual([
		{ name: 'a', error: 'Items per Batch must be a number [item 0]' },
		{ name: 'b', error: 'Items per Batch must be a number [item 1]' },
	]);
});

it('each item uses its own API key and base URL', async () => {
	const otherSimulator = await startSimulator({ apiKeys: ['another-key'] });
	const data = { environment: 'custom', apiKey: '={{ $json.key }}', baseUrl: '={{ $json.url }}' };
	const credential = { name: 'Per item', type: 'mindPeekerApi', data };
	const [credentialId] = await environment.n8n.credentials.import(credential);
	const credentials = { mindPeekerApi: { id: credentialId!, name: credential.name } };
	const parameters = { sessionType: 'dowsing', target: '={{ $json.name }}' };
	const node = { ...createNode('Create', 'session.create', parameters), credentials };
	const items = [environment.simulator, otherSimulator].map(({ apiKey, baseUrl }, index) => ({
		name: `tenant ${index}`,
		key: apiKey,
		url: baseUrl,
	}));
	const id = 'tenants';
	const getOutputs = await run(createChain(id, [createStartNode(id), splitNode, node]), items);
	expect(getOutputs('Create')).toHaveLength(2);
	expect(otherSimulator.requests()).toMatchObject([{ body: { target: 'tenant 1' }, status: 201 }]);
	await otherSimulator.close();
});

// n8n runs the tool inside the agent with version 2, and as a separate node with version 3.
describe.each([2, 3])('as a tool of an AI agent of version %d', (typeVersion) => {
	const model = new ChatModel();
	let openAi: string;
	beforeAll(async () => {
		await model.start();
		const [id] = await environment.n8n.credentials.import({
			name: `A model ${typeVersion}`,
			type: 'openAiApi',
			data: { apiKey: 'none', url: model.url },
		});
		openAi = id!;
	});
	afterAll(async () => await model.stop());

	/** Creates a workflow with an agent that uses the tool. */
	function createAgentWorkflow(name: string, tool: WorkflowNode): WorkflowImport {
		const id = `${name}-${typeVersion}`;
		const agent: WorkflowNode = {
			name: 'Agent',
			type: '@n8n/n8n-nodes-langchain.agent',
			typeVersion,
			position: [0, 0],
			parameters: { promptType: 'define', text: 'Do it', options: {} },
		};
		const chat: WorkflowNode = {
			name: 'Model',
			type: '@n8n/n8n-nodes-langchain.lmChatOpenAi',
			typeVersion: 1.2,
			position: [0, 0],
			parameters: { model: { __rl: true, mode: 'id', value: 'any' }, options: {} },
			credentials: { openAiApi: { id: openAi, name: `A model ${typeVersion}` } },
		};
		const { connections, ...workflow } = createChain(id, [createStartNode(id), agent]);
		return {
			...workflow,
			nodes: [...workflow.nodes, chat, { ...tool, type: 'n8n-nodes-mindpeeker.mindPeekerTool' }],
			connections: {
				...connections,
				Model: { ai_languageModel: [[{ node: 'Agent', type: 'ai_languageModel', index: 0 }]] },
				[tool.name]: { ai_tool: [[{ node: 'Agent', type: 'ai_tool', index: 0 }]] },
			},
		};
	}
	const create = {
		...createNode('Create', 'session.create', {
			sessionType: 'dowsing',
			target: '={{ $fromAI("target", "", "string") }}',
		}),
		retryOnFail: true,
		maxTries: 3,
		waitBetweenTries: 100,
	};
	const getCreated = (target: string) =>
		environment.simulator
			.requests()
			.filter(({ body }) => (body as IDataObject | undefined)?.target === target);

	it('it has a description and lists webhooks', async () => {
		await createWebhook(environment.simulator, HOOK, ['session.completed']);
		model.toolCalls = [{}];
		model.toolResponses = [];
		const tool = createNode('MindPeeker', 'webhook.getAll', { returnAll: true });
		const getOutputs = await run(createAgentWorkflow('agent', tool));
		expect(model.tools).toMatchObject([
			{ name: 'MindPeeker', description: 'Get many webhooks in MindPeeker' },
		]);
		expect(JSON.stringify(model.toolResponses)).toContain(HOOK);
		expect(getOutputs('Agent')).toMatchObject([{ output: 'Done' }]);
	});

	// An agent of version 2 gets an empty text if a tool throws, whatever the tool.
	const onErrors =
		typeVersion === 2 ? ['continueRegularOutput'] : ['continueRegularOutput', undefined];
	it.each(onErrors)(
		'it returns an error with a hint to the agent, with On Error %s',
		async (onError) => {
			model.toolCalls = [{ target: ' ' }];
			model.toolResponses = [];
			const tool = { ...create, retryOnFail: false, onError: onError as 'continueRegularOutput' };
			await runToEnd(createAgentWorkflow(`hint-${onError}`, tool));
			expect(JSON.stringify(model.toolResponses)).toMatch(
				/Target is empty\. Enter a value, then try again\./,
			);
		},
	);

	it('with Retry On Fail, two calls with the same arguments create two sessions', async () => {
		const target = `twice ${typeVersion}`;
		model.toolCalls = [{ target }, { target }];
		await run(createAgentWorkflow('twice', create));
		expect(getCreated(target)).toHaveLength(2);
	});

	it('with Retry On Fail, a call is not repeated after a lost response', async () => {
		const target = `lost ${typeVersion}`;
		const path = '/sessions';
		environment.simulator.faults.add({ on: 'api', kind: 'lost-response', path, method: 'POST' });
		model.toolCalls = [{ target }];
		model.toolResponses = [];
		await runToEnd(createAgentWorkflow('lost', create));
		expect(getCreated(target)).toHaveLength(1);
		if (typeVersion === 2) return;
		expect(JSON.stringify(model.toolResponses)).toMatch(/Check MindPeeker before you try again/);
	});
});
