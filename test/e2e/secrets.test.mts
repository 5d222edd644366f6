import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import {
	createCredential,
	type TestEnvironment,
} from '../../dev/testEnvironment/testEnvironment.mts';
import { startHeadlessEnvironment } from '../support/headlessEnvironment.mts';
import { PublishError, type WorkflowNode } from '../../dev/lab/index.mts';
import { sign } from '../../nodes/shared/signature.ts';
import { post } from './harness/post.mts';
import { createTriggerWorkflow } from '../../dev/testEnvironment/triggerWorkflow.mts';
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
	const secrets = { signingSecret: SIGNING_SECRET, previousSigningSecret: PREVIOUS_SECRET };
	const credential = createCredential(environment.simulator, secrets);
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
	for (const operation of ['create', 'upsert', 'getAll']) await runNode(operation);
}

async function runNode(operation: string): Promise<void> {
	const { n8n } = environment;
	const workflow = createTriggerWorkflow(`node-${operation}`, {});
	const [start, last] = workflow.nodes;
	const nodes: WorkflowNode[] = [
		{
			...start!,
			type: 'n8n-nodes-base.webhook',
			typeVersion: 2,
			webhookId: operation,
			parameters: { httpMethod: 'POST', path: operation },
			credentials: undefined,
		},
		{
			...last!,
			type: 'n8n-nodes-mindpeeker.mindPeeker',
			credentials: WITH_SECRETS,
			parameters: {
				resource: 'webhook',
				operation,
				url: 'http://127.0.0.1:9/',
				events: ['session.completed'],
				secretSource: 'credential',
			},
		},
	];
	await n8n.workflows.import({ ...workflow, nodes });
	await n8n.workflows.publish(workflow.id);
	await post(`${n8n.url}/webhook/${operation}`, '{}');
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
		expect(nodeExecutions.map(({ status }) => status).sort()).toEqual([
			'error',
			'error',
			'success',
		]);
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
