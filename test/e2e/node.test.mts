import type { IDataObject } from 'n8n-workflow';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { CREDENTIAL, type Stage } from '../../dev/testEnvironment/stage.mts';
import { setTestStage } from '../support/testStage.mts';
import { startSimulator } from '../../simulator/index.mts';
import { outputOf, type WorkflowImport, type WorkflowNode } from '../../dev/lab/index.mts';
import { sign } from '../../nodes/shared/signature.ts';
import { register } from '../support/api.mts';
import { ChatModel } from '../support/chatModel.mts';
import { dumpOnFailure } from './harness/dumpOnFailure.mts';

const TIMEOUT = { timeoutMs: 30_000 };
const HOOK = 'http://127.0.0.1:9/hooks/life';
const SECRET = 'entered in the node';
let stage: Stage;

dumpOnFailure(() => stage);

beforeAll(async () => {
	stage = await setTestStage({ simulator: { timeFactor: 1_000 } });
});
afterAll(async () => await stage?.close());

const START = 'Start';
const start = (id: string): WorkflowNode => ({
	name: START,
	type: 'n8n-nodes-base.webhook',
	typeVersion: 2,
	position: [0, 0],
	webhookId: id,
	parameters: { httpMethod: 'POST', path: id },
});
const action = (name: string, operation: string, parameters: IDataObject = {}): WorkflowNode => ({
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

/** Makes an item of each of those that the workflow is started with. */
const split: WorkflowNode = {
	name: 'Split',
	type: 'n8n-nodes-base.splitOut',
	typeVersion: 1,
	position: [0, 0],
	parameters: { fieldToSplitOut: 'body.items', options: {} },
};

/** One node behind the other. */
function chain(id: string, nodes: WorkflowNode[]): WorkflowImport {
	const connections = nodes.slice(1).map(({ name }, index) => {
		const next = { node: name, type: 'main', index: 0 };
		return [nodes[index]!.name, { main: [[next]] }] as const;
	});
	const settings = { executionOrder: 'v1' };
	return { id, name: id, nodes, connections: Object.fromEntries(connections), settings };
}

/** Publishes a workflow, starts it once, and returns its execution, and what each node put out. */
async function runToEnd(workflow: WorkflowImport, items: IDataObject[] = []) {
	const id = workflow.id!;
	await stage.n8n.workflows.import(workflow);
	await stage.n8n.workflows.publish(id);
	await fetch(`${stage.n8n.url}/webhook/${id}`, {
		method: 'POST',
		headers: { 'Content-Type': 'application/json' },
		body: JSON.stringify({ items }),
	});
	const [ended] = await stage.n8n.executions.waitFor({ workflowId: id, count: 1, ...TIMEOUT });
	const execution = await stage.n8n.executions.get(ended!.id);
	const outputs = (name: string, output = 0) =>
		outputOf(execution, name, output).map(({ json }) => json);
	return { execution, outputs };
}

/** The same for a workflow that succeeds. */
async function run(...call: Parameters<typeof runToEnd>) {
	const { execution, outputs } = await runToEnd(...call);
	expect(execution.data.resultData.error?.message).toBeUndefined();
	return outputs;
}

describe('in a real n8n', () => {
	it('a workflow takes a webhook through all operations, and leaves nothing behind', async () => {
		const picked = { __rl: true, mode: 'id', value: '={{ $("Create").first().json.id }}' };
		const outputs = await run(
			chain('life', [
				start('life'),
				action('Create', 'webhook.create', {
					url: HOOK,
					events: ['session.completed'],
					secretSource: 'entered',
					secret: SECRET,
				}),
				action('Get', 'webhook.get', { webhook: picked }),
				action('Get Many', 'webhook.getAll', { returnAll: true, filters: { url: '/hooks/life' } }),
				action('Update', 'webhook.update', {
					webhook: picked,
					updateFields: { events: ['session.completed', 'session.failed'] },
				}),
				action('Test', 'webhook.sendTest', {
					webhook: picked,
					eventType: 'session.failed',
					testData: '{ "session_id": "sess_test" }',
				}),
				action('Upsert', 'webhook.upsert', {
					url: HOOK,
					events: ['*'],
					secretSource: 'entered',
					secret: SECRET,
				}),
				action('Delete', 'webhook.delete', {
					webhook: { ...picked, value: '={{ $("Upsert").first().json.id }}' },
				}),
			]),
		);
		const [created] = outputs('Create');
		expect(created).toMatchObject({ url: HOOK, events: ['session.completed'], active: true });
		expect(outputs('Get')).toMatchObject([{ id: created?.id }]);
		expect(outputs('Get Many')).toMatchObject([{ id: created?.id }]);
		expect(outputs('Update')).toMatchObject([{ events: ['session.completed', 'session.failed'] }]);
		expect(outputs('Test')).toMatchObject([{ event_type: 'session.failed' }]);
		expect(outputs('Upsert')).toMatchObject([{ change: 'replaced' }]);
		expect(outputs('Delete')).toEqual([{ deleted: true }]);
		expect(stage.simulator.webhooks().filter(({ url }) => url === HOOK)).toEqual([]);
		const [delivery] = stage.simulator.deliveries({ webhookId: String(created?.id) });
		expect(delivery).toMatchObject({
			eventType: 'session.failed',
			body: expect.stringContaining('sess_test'),
		});
	});

	it('a workflow creates a session, waits for its results, and goes on with them', async () => {
		const additionalFields = { durationMinutes: 1 };
		const outputs = await run(
			chain('results', [
				start('results'),
				action('Account', 'account.get'),
				action('Analysis', 'analysis.submit', { targetType: 'person' }),
				action('Session', 'session.create', {
					sessionType: 'remote_viewing',
					target: '={{ "For " + $("Account").first().json.email }}',
					additionalFields,
				}),
				action('State', 'session.get', { sessionId: '={{ $json.session_id }}' }),
				action('Results', 'session.getResults', {
					sessionId: '={{ $json.session_id }}',
					options: { waitUntilCompleted: true, pollInterval: 1 },
				}),
			]),
		);
		expect(outputs('Analysis')).toMatchObject([{ status: 'queued' }]);
		expect(outputs('State')).toMatchObject([{ status: expect.any(String) }]);
		expect(outputs('Results')).toMatchObject([
			{ results: { descriptors: ['urban environment', 'water body nearby'] } },
		]);
	});

	it('a workflow verifies an event that a Webhook node took in, byte for byte', async () => {
		const body = '{"id":  "evt_1","type":"session.completed"}';
		const id = 'verify';
		const hook = start(id);
		hook.parameters.options = { rawBody: true };
		const verify = action('Verify', 'event.verify', {
			bodySource: 'binary',
			binaryPropertyName: 'data',
			signature: '={{ $json.headers["x-mindpeeker-signature"] }}',
			secretSource: 'entered',
			secret: SECRET,
			options: { outputVerdict: true },
		});
		await stage.n8n.workflows.import(chain(id, [hook, verify]));
		await stage.n8n.workflows.publish(id);
		for (const secret of [SECRET, 'another']) {
			const headers = {
				'Content-Type': 'application/json',
				'X-MindPeeker-Signature': sign(Buffer.from(body), secret),
			};
			await fetch(`${stage.n8n.url}/webhook/${id}`, { method: 'POST', headers, body });
		}
		const ended = await stage.n8n.executions.waitFor({ workflowId: id, count: 2, ...TIMEOUT });
		const all = await Promise.all(ended.map((one) => stage.n8n.executions.get(one.id)));
		const verdicts = all.map((one) => outputOf(one, 'Verify')[0]?.json);
		expect(verdicts).toHaveLength(2);
		expect(verdicts).toContainEqual({
			verified: true,
			event: { id: 'evt_1', type: 'session.completed' },
		});
		expect(verdicts).toContainEqual({ verified: false, reason: expect.any(String) });
	});

	it('Create or Update knows its webhook again in the next execution', async () => {
		const url = `${HOOK}/again`;
		const upsert = action('Upsert', 'webhook.upsert', {
			url,
			events: ['session.completed'],
			secretSource: 'entered',
			secret: SECRET,
		});
		const [{ id, change } = {}] = (await run(chain('again', [start('again'), upsert])))('Upsert');
		expect(change).toBe('created');
		await fetch(`${stage.n8n.url}/webhook/again`, { method: 'POST' });
		const counted = { workflowId: 'again', count: 2, ...TIMEOUT };
		const [latest] = await stage.n8n.executions.waitFor(counted);
		const execution = await stage.n8n.executions.get(latest!.id);
		expect(outputOf(execution, 'Upsert')).toMatchObject([{ json: { id, change: 'none' } }]);
	});

	it('an item that fails leaves by the error output, with what came in', async () => {
		const get = action('Get', 'session.get', { sessionId: 'sess_no' });
		const outputs = await run(
			chain('errors', [start('errors'), { ...get, onError: 'continueErrorOutput' }]),
		);
		expect(outputs('Get')).toEqual([]);
		expect(outputs('Get', 1)).toMatchObject([
			{
				error: expect.stringMatching(/has no session sess_no.*\[item 0\]/),
				headers: expect.anything(),
			},
		]);
	});
});

describe('with Retry On Fail in a real n8n', () => {
	const create = {
		...action('Create', 'session.create', {
			sessionType: 'dowsing',
			target: '={{ $json.target }}',
		}),
		retryOnFail: true,
		maxTries: 3,
		waitBetweenTries: 100,
	};
	const targets = (prefix: string) =>
		['', '1', '2'].map((number) => ({ target: number && `${prefix} ${number}` }));
	const created = (prefix: string) =>
		stage.simulator
			.requests()
			.map(({ body }) => String((body as IDataObject | undefined)?.target))
			.filter((target) => target.startsWith(prefix));

	it.each([
		['the last', (all: IDataObject[]) => [...all].reverse()],
		['the first', (all: IDataObject[]) => all],
	])('no session is created twice where %s item fails', async (name, order) => {
		const id = `retry-${name.replace(' ', '-')}`;
		const items = order(targets(id));
		const { execution } = await runToEnd(chain(id, [start(id), split, create]), items);
		expect(execution.data.resultData.error?.message).toMatch(/^Target is empty \[item \d\]/);
		expect(created(id).sort()).toEqual([`${id} 1`, `${id} 2`]);
	});

	it('no session is created twice with an error output, and all that are created go on', async () => {
		const id = 'retry-output';
		const node = { ...create, onError: 'continueErrorOutput' as const };
		const outputs = await run(chain(id, [start(id), split, node]), targets(id));
		expect(created(id).sort()).toEqual([`${id} 1`, `${id} 2`]);
		expect(outputs('Create').map((session) => session.session_id)).toHaveLength(2);
		expect(outputs('Create', 1)).toMatchObject([{ error: 'Target is empty [item 0]', target: '' }]);
	});

	it('no session is created twice where the answer was lost', async () => {
		const id = 'retry-lost';
		const path = '/sessions';
		stage.simulator.faults.add({ on: 'api', kind: 'lost-answer', path, method: 'POST' });
		const items = [{ target: id }];
		const { execution } = await runToEnd(chain(id, [start(id), split, create]), items);
		expect(execution.data.resultData.error?.message).toMatch(/could not be reached/);
		expect(created(id)).toEqual([id]);
	});

	it('a loop creates again', async () => {
		const id = 'retry-loop';
		const loop: WorkflowNode = {
			name: 'Loop',
			type: 'n8n-nodes-base.splitInBatches',
			typeVersion: 3,
			position: [0, 0],
			parameters: { batchSize: 1, options: {} },
		};
		const same = { ...create, parameters: { ...create.parameters, target: id } };
		const { connections, ...workflow } = chain(id, [start(id), split, loop]);
		const outputs = await run(
			{
				...workflow,
				nodes: [...workflow.nodes, same],
				connections: {
					...connections,
					Loop: { main: [[], [{ node: 'Create', type: 'main', index: 0 }]] },
					Create: { main: [[{ node: 'Loop', type: 'main', index: 0 }]] },
				},
			},
			[{ round: 1 }, { round: 2 }, { round: 3 }],
		);
		expect(outputs('Loop')).toHaveLength(3);
		expect(created(id)).toHaveLength(3);
	});
});

it('a failure before the first item leaves by the error output, for each item', async () => {
	const get = action('Get', 'account.get', {
		options: { batching: { batch: { batchSize: '={{ "x" }}' } } },
	});
	const id = 'before-items';
	const node = { ...get, onError: 'continueErrorOutput' as const };
	const outputs = await run(chain(id, [start(id), split, node]), [{ name: 'a' }, { name: 'b' }]);
	expect(outputs('Get')).toEqual([]);
	expect(outputs('Get', 1)).toEqual([
		{ name: 'a', error: 'Items per Batch is not a number [item 0]' },
		{ name: 'b', error: 'Items per Batch is not a number [item 1]' },
	]);
});

it('each item uses the API key and the base URL that it has', async () => {
	const another = await startSimulator({ apiKeys: ['another-key'] });
	const data = { environment: 'custom', apiKey: '={{ $json.key }}', baseUrl: '={{ $json.url }}' };
	const credential = { name: 'Of each item', type: 'mindPeekerApi', data };
	const [credentialId] = await stage.n8n.credentials.import(credential);
	const credentials = { mindPeekerApi: { id: credentialId!, name: credential.name } };
	const parameters = { sessionType: 'dowsing', target: '={{ $json.name }}' };
	const node = { ...action('Create', 'session.create', parameters), credentials };
	const items = [stage.simulator, another].map(({ apiKey, baseUrl }, index) => ({
		name: `tenant ${index}`,
		key: apiKey,
		url: baseUrl,
	}));
	const id = 'tenants';
	const outputs = await run(chain(id, [start(id), split, node]), items);
	expect(outputs('Create')).toHaveLength(2);
	expect(another.requests()).toMatchObject([{ body: { target: 'tenant 1' }, status: 201 }]);
	await another.close();
});

// With the first, n8n runs the tool inside the agent; with the second, as a node of its own.
describe.each([2, 3])('as a tool of an AI agent of version %d', (typeVersion) => {
	const model = new ChatModel();
	let openAi: string;
	beforeAll(async () => {
		await model.start();
		const [id] = await stage.n8n.credentials.import({
			name: `A model ${typeVersion}`,
			type: 'openAiApi',
			data: { apiKey: 'none', url: model.url },
		});
		openAi = id!;
	});
	afterAll(async () => await model.stop());

	/** A workflow whose agent has this tool. */
	function withAgent(name: string, tool: WorkflowNode): WorkflowImport {
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
		const { connections, ...workflow } = chain(id, [start(id), agent]);
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
		...action('Create', 'session.create', {
			sessionType: 'dowsing',
			target: '={{ $fromAI("target", "", "string") }}',
		}),
		retryOnFail: true,
		maxTries: 3,
		waitBetweenTries: 100,
	};
	const created = (target: string) =>
		stage.simulator
			.requests()
			.filter(({ body }) => (body as IDataObject | undefined)?.target === target);

	it('it says what it does, and lists webhooks', async () => {
		await register(stage.simulator, HOOK, ['session.completed']);
		model.calls = [{}];
		model.answers = [];
		const tool = action('MindPeeker', 'webhook.getAll', { returnAll: true });
		const outputs = await run(withAgent('agent', tool));
		expect(model.tools).toMatchObject([
			{ name: 'MindPeeker', description: 'Get many webhooks in MindPeeker' },
		]);
		expect(JSON.stringify(model.answers)).toContain(HOOK);
		expect(outputs('Agent')).toMatchObject([{ output: 'Done' }]);
	});

	// An agent of version 2 is given an empty text where a tool throws, whatever the tool.
	const onErrors =
		typeVersion === 2 ? ['continueRegularOutput'] : ['continueRegularOutput', undefined];
	it.each(onErrors)(
		'it tells the agent how to correct its call, with On Error %s',
		async (onError) => {
			model.calls = [{ target: ' ' }];
			model.answers = [];
			const tool = { ...create, retryOnFail: false, onError: onError as 'continueRegularOutput' };
			await runToEnd(withAgent(`advice-${onError}`, tool));
			expect(JSON.stringify(model.answers)).toMatch(
				/Target is empty\. Enter one, then try again\./,
			);
		},
	);

	it('with Retry On Fail, two calls with the same arguments are both done', async () => {
		const target = `twice ${typeVersion}`;
		model.calls = [{ target }, { target }];
		await run(withAgent('twice', create));
		expect(created(target)).toHaveLength(2);
	});

	it('with Retry On Fail, a call whose answer was lost is not repeated', async () => {
		const target = `lost ${typeVersion}`;
		const path = '/sessions';
		stage.simulator.faults.add({ on: 'api', kind: 'lost-answer', path, method: 'POST' });
		model.calls = [{ target }];
		model.answers = [];
		await runToEnd(withAgent('lost', create));
		expect(created(target)).toHaveLength(1);
		if (typeVersion === 2) return;
		expect(JSON.stringify(model.answers)).toMatch(/look in MindPeeker before you try again/);
	});
});
