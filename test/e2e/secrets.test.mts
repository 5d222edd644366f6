import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import {
	createCredential,
	type TestEnvironment,
} from '../../dev/testEnvironment/testEnvironment.mts';
import { startHeadlessEnvironment } from '../support/headlessEnvironment.mts';
import { getOutput, type PublishError, type WorkflowNode } from '../../dev/lab/index.mts';
import { sign } from '../../nodes/shared/signature.ts';
import { post } from './harness/post.mts';
import { createTriggerWorkflow, TRIGGER_NODE } from '../../dev/testEnvironment/triggerWorkflow.mts';
import { dumpOnFailure } from './harness/dumpOnFailure.mts';

const SIGNING_SECRET = 'signing-secret-of-the-credential';
const PREVIOUS_SECRET = 'previous-secret-of-the-credential';
const WITH_SECRETS = { mindPeekerApi: { id: 'with-secrets', name: 'With secrets' } };
const ALL_EVENTS = { events: ['*'], options: { debug: true } };
const createBody = (id: string) => JSON.stringify({ id, type: 'session.completed', data: {} });
let environment: TestEnvironment;
let generated: string;
let publishError: string;

dumpOnFailure(() => environment);

beforeAll(async () => {
	environment = await startHeadlessEnvironment({ n8n: { env: { N8N_LOG_LEVEL: 'debug' } } });
	const credential = createCredential(environment.simulator, {
		signingSecret: SIGNING_SECRET,
		previousSigningSecret: PREVIOUS_SECRET,
		allowedHttpRequestDomains: 'none',
	});
	await environment.n8n.credentials.import({ ...credential, ...WITH_SECRETS.mindPeekerApi });
	await useSecrets();
	await provokeErrors();
});
afterAll(async () => await environment?.close());

/** Delivers valid and forged events to webhooks with both kinds of secrets. */
async function useSecrets(): Promise<void> {
	const { n8n, simulator } = environment;
	await n8n.workflows.import(
		createTriggerWorkflow('generated', ALL_EVENTS),
		createTriggerWorkflow('with-credential', ALL_EVENTS, WITH_SECRETS),
	);
	await n8n.workflows.publish('generated');
	await n8n.workflows.publish('with-credential');
	const [first, second] = simulator.webhooks();
	generated = first!.secret;
	simulator.emit('session.completed');
	const headers = (secret: string, body: string) => ({
		'X-MindPeeker-Signature': sign(Buffer.from(body), secret),
	});
	const [previous, forged] = [createBody('evt_previous'), createBody('evt_forged')];
	await post(second!.url, previous, headers(PREVIOUS_SECRET, previous));
	await post(second!.url, forged, headers('another secret', forged));
	await post(second!.url, 'no event', headers(SIGNING_SECRET, 'no event'));
	await simulator.waitUntilIdle();
}

/** Causes errors whose response contains every secret. */
async function provokeErrors(): Promise<void> {
	const { n8n, simulator } = environment;
	const echoed = `${simulator.apiKey} ${SIGNING_SECRET} ${PREVIOUS_SECRET}`;
	const body = { message: `Authorization: Bearer ${echoed}`, secret: SIGNING_SECRET };
	const fault = { on: 'api', method: 'POST', kind: 'response', status: 422, body } as const;
	simulator.faults.add({ ...fault, path: '/webhooks', times: 100 });
	await n8n.workflows.import(createTriggerWorkflow('rejected', ALL_EVENTS, WITH_SECRETS));
	publishError = await n8n.workflows.publish('rejected').then(
		() => '',
		(error: PublishError) => error.message,
	);
	for (const operation of ['create', 'upsert', 'getAll']) {
		await runNode(operation, {
			type: 'n8n-nodes-mindpeeker.mindPeeker',
			parameters: {
				resource: 'webhook',
				operation,
				url: 'http://127.0.0.1:9/',
				events: ['session.completed'],
				secretSource: 'credential',
			},
		});
	}
	await runNode('http', {
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.2,
		parameters: {
			url: `${simulator.baseUrl}/webhooks`,
			authentication: 'predefinedCredentialType',
			nodeCredentialType: 'mindPeekerApi',
		},
	});
}

async function runNode(name: string, node: Partial<WorkflowNode>): Promise<void> {
	const { n8n } = environment;
	const workflow = createTriggerWorkflow(`node-${name}`, {});
	const [start, last] = workflow.nodes;
	const nodes: WorkflowNode[] = [
		{
			...start!,
			type: 'n8n-nodes-base.webhook',
			typeVersion: 2,
			webhookId: name,
			parameters: { httpMethod: 'POST', path: name },
			credentials: undefined,
		},
		{ ...last!, credentials: WITH_SECRETS, ...node },
	];
	await n8n.workflows.import({ ...workflow, nodes });
	await n8n.workflows.publish(workflow.id);
	await post(`${n8n.url}/webhook/${name}`, '{}');
	await n8n.executions.waitFor({ workflowId: workflow.id, count: 1, timeoutMs: 30_000 });
}

const getSecrets = (): Array<[string, string]> => [
	['the API key', environment.simulator.apiKey],
	['the signing secret', SIGNING_SECRET],
	['the previous signing secret', PREVIOUS_SECRET],
	['the generated secret', generated],
];

describe('secrets', () => {
	it('were used, rejected and returned by MindPeeker in this test', async () => {
		expect(publishError).toMatch(/rejected the request \(422: …/);
		const executions = await environment.n8n.executions.list();
		const nodeExecutions = executions.filter(({ workflowId }) => workflowId.startsWith('node-'));
		const statuses = nodeExecutions.map(({ workflowId, status }) => [workflowId, status]);
		expect(Object.fromEntries(statuses)).toEqual({
			'node-create': 'error',
			'node-upsert': 'error',
			'node-getAll': 'success',
			'node-http': 'error',
		});
		expect(executions.filter(({ workflowId }) => workflowId === 'with-credential')).toHaveLength(2);
		expect(environment.n8n.log.join('\n')).toMatch(
			/accepted: .*evt_previous.*\n[^]*invalid signature/,
		);
	});

	it('are in no log line', () => {
		const log = environment.n8n.log.join('\n');
		expect(getSecrets().filter(([, secret]) => log.includes(secret))).toEqual([]);
	});

	it('are not in the error that the user sees', () => {
		expect(getSecrets().filter(([, secret]) => publishError.includes(secret))).toEqual([]);
	});

	it('are not in the database, except for the generated one in the static data', async () => {
		const found: Record<string, string[]> = {};
		for (const [name, secret] of getSecrets())
			found[name] = await environment.n8n.database.find(secret);
		expect(found).toEqual({
			'the API key': [],
			'the signing secret': [],
			'the previous signing secret': [],
			'the generated secret': ['workflow_entity.staticData'],
		});
	});
});

describe('a credential whose Allowed HTTP Request Domains is None', () => {
	it('works in the trigger and in MindPeeker, but not in HTTP Request', async () => {
		const { executions } = environment.n8n;
		const [execution] = await executions.list({ workflowId: 'node-http' });
		const { data } = await executions.get(execution!.id);
		expect(JSON.stringify(data)).toContain('to prevent use within an HTTP Request');
		expect(await executions.count({ workflowId: 'with-credential', status: ['success'] })).toBe(2);
		expect(await executions.count({ workflowId: 'node-getAll', status: ['success'] })).toBe(1);
	});
});

describe('the data of an event', () => {
	const target = 'Missing person investigation';

	it('contained this target', async () => {
		const [execution] = await environment.n8n.executions.list({ workflowId: 'generated' });
		const [item] = getOutput(await environment.n8n.executions.get(execution!.id), TRIGGER_NODE);
		expect(item).toMatchObject({ json: { data: { target } } });
	});

	it('is in the database only with its execution, and in no log line', async () => {
		expect(await environment.n8n.database.find(target)).toEqual(['execution_data.data']);
		expect(environment.n8n.log.filter((line) => line.includes(target))).toEqual([]);
	});

	it('leaves only digests for deduplication', async () => {
		const rows = await environment.n8n.database.query<{ value: string }>(
			"SELECT value FROM processed_data WHERE workflowId = 'with-credential'",
		);
		const stored = rows.map(({ value }) => (JSON.parse(value) as { data: string[] }).data);
		const digest = (key: string) => createHash('md5').update(key).digest('base64');
		expect(stored).toEqual([expect.arrayContaining([digest('evt_previous|')])]);
		expect(stored.flat()).toHaveLength(4);
	});
});
