import type { IDataObject } from 'n8n-workflow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { CREDENTIAL, setStage, type Stage } from '../../stage/stage.mts';
import { outputOf, type WorkflowImport, type WorkflowNode } from '../../lab/index.mts';
import { sign } from '../../nodes/shared/signature.ts';
import { register } from '../support/api.mts';
import { ChatModel } from '../support/chatModel.mts';
import { tellIfFailed } from './harness/tellIfFailed.mts';

const TIMEOUT = { timeoutMs: 30_000 };
const HOOK = 'http://127.0.0.1:9/hooks/life';
const SECRET = 'entered in the node';
let stage: Stage;

tellIfFailed(() => stage);

beforeAll(async () => {
	stage = await setStage({ simulator: { timeFactor: 1_000 } });
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

/** One node behind the other. */
function chain(id: string, nodes: WorkflowNode[]): WorkflowImport {
	const connections = nodes.slice(1).map(({ name }, index) => {
		const next = { node: name, type: 'main', index: 0 };
		return [nodes[index]!.name, { main: [[next]] }] as const;
	});
	return { id, name: id, nodes, connections: Object.fromEntries(connections) };
}

/** Publishes a workflow, starts it once, and gives what each node put out. */
async function run(workflow: WorkflowImport) {
	const id = workflow.id!;
	await stage.n8n.workflows.import(workflow);
	await stage.n8n.workflows.publish(id);
	await fetch(`${stage.n8n.url}/webhook/${id}`, { method: 'POST' });
	const [ended] = await stage.n8n.executions.waitFor({ workflowId: id, count: 1, ...TIMEOUT });
	const execution = await stage.n8n.executions.get(ended!.id);
	expect(execution.data.resultData.error?.message).toBeUndefined();
	return (name: string, output = 0) => outputOf(execution, name, output).map(({ json }) => json);
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

describe('as a tool of an AI agent', () => {
	const model = new ChatModel();
	beforeAll(async () => await model.start());
	afterAll(async () => await model.stop());

	it('it says what it does, and lists webhooks', async () => {
		const [openAi] = await stage.n8n.credentials.import({
			name: 'A model',
			type: 'openAiApi',
			data: { apiKey: 'none', url: model.url },
		});
		await register(stage.simulator, HOOK, ['session.completed']);
		const agent: WorkflowNode = {
			name: 'Agent',
			type: '@n8n/n8n-nodes-langchain.agent',
			typeVersion: 2,
			position: [0, 0],
			parameters: { promptType: 'define', text: 'Which webhooks are there?', options: {} },
		};
		const chat: WorkflowNode = {
			name: 'Model',
			type: '@n8n/n8n-nodes-langchain.lmChatOpenAi',
			typeVersion: 1.2,
			position: [0, 0],
			parameters: { model: { __rl: true, mode: 'id', value: 'any' }, options: {} },
			credentials: { openAiApi: { id: openAi!, name: 'A model' } },
		};
		const tool = {
			...action('MindPeeker', 'webhook.getAll', { returnAll: true }),
			type: 'n8n-nodes-mindpeeker.mindPeekerTool',
		};
		const { connections, ...workflow } = chain('agent', [start('agent'), agent]);
		const outputs = await run({
			...workflow,
			nodes: [...workflow.nodes, chat, tool],
			connections: {
				...connections,
				Model: { ai_languageModel: [[{ node: 'Agent', type: 'ai_languageModel', index: 0 }]] },
				MindPeeker: { ai_tool: [[{ node: 'Agent', type: 'ai_tool', index: 0 }]] },
			},
		});
		expect(model.tools).toMatchObject([
			{ name: 'MindPeeker', description: 'Get many webhooks in MindPeeker' },
		]);
		expect(JSON.stringify(model.answers)).toContain(HOOK);
		expect(outputs('Agent')).toMatchObject([{ output: 'Done' }]);
	});
});
