import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { credentialFor, type Stage } from '../../dev/testEnvironment/stage.mts';
import { setTestStage } from '../support/testStage.mts';
import { PublicationError, type WorkflowNode } from '../../dev/lab/index.mts';
import { sign } from '../../nodes/shared/signature.ts';
import { post } from './harness/post.mts';
import { workflowWith } from '../../dev/testEnvironment/workflow.mts';
import { dumpOnFailure } from './harness/dumpOnFailure.mts';

const SIGNING_SECRET = 'signing-secret-of-the-credential';
const PREVIOUS_SECRET = 'previous-secret-of-the-credential';
const WITH_SECRETS = { mindPeekerApi: { id: 'with-secrets', name: 'With secrets' } };
const ALL_EVENTS = { events: ['*'], options: { debug: true } };
const event = (id: string) => JSON.stringify({ id, type: 'session.completed', data: {} });
let stage: Stage;
let generated: string;
let refusal: string;

dumpOnFailure(() => stage);

beforeAll(async () => {
	stage = await setTestStage({ n8n: { env: { N8N_LOG_LEVEL: 'debug' } } });
	const secrets = { signingSecret: SIGNING_SECRET, previousSigningSecret: PREVIOUS_SECRET };
	const credential = credentialFor(stage.simulator, secrets);
	await stage.n8n.credentials.import({ ...credential, ...WITH_SECRETS.mindPeekerApi });
	await goodDays();
	await badDays();
});
afterAll(async () => await stage?.close());

/** Webhooks of either kind, what they deliver, and what others send. */
async function goodDays(): Promise<void> {
	const { n8n, simulator } = stage;
	await n8n.workflows.import(
		workflowWith('generated', ALL_EVENTS),
		workflowWith('of-credential', ALL_EVENTS, WITH_SECRETS),
	);
	await n8n.workflows.publish('generated');
	await n8n.workflows.publish('of-credential');
	const [first, second] = simulator.webhooks();
	generated = first!.secret;
	simulator.emit('session.completed');
	const headers = (secret: string, body: string) => ({
		'X-MindPeeker-Signature': sign(Buffer.from(body), secret),
	});
	const [former, forged] = [event('evt_former'), event('evt_forged')];
	await post(second!.url, former, headers(PREVIOUS_SECRET, former));
	await post(second!.url, forged, headers('somebody else', forged));
	await post(second!.url, 'no event', headers(SIGNING_SECRET, 'no event'));
	await simulator.idle();
}

/** A service that repeats all that it was sent and that it knows. */
async function badDays(): Promise<void> {
	const { n8n, simulator } = stage;
	const all = `${simulator.apiKey} ${SIGNING_SECRET} ${PREVIOUS_SECRET}`;
	const told = { message: `Authorization: Bearer ${all}`, secret: SIGNING_SECRET };
	const refuse = { on: 'api', method: 'POST', kind: 'answer', status: 422, body: told } as const;
	simulator.faults.add({ ...refuse, path: '/webhooks', times: 100 });
	await n8n.workflows.import(workflowWith('refused', ALL_EVENTS, WITH_SECRETS));
	refusal = await n8n.workflows.publish('refused').then(
		() => '',
		(error: PublicationError) => error.message,
	);
	for (const operation of ['create', 'upsert', 'getAll']) await runNode(operation);
}

async function runNode(operation: string): Promise<void> {
	const { n8n } = stage;
	const workflow = workflowWith(`node-${operation}`, {});
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

const secrets = (): Array<[string, string]> => [
	['the API key', stage.simulator.apiKey],
	['the signing secret', SIGNING_SECRET],
	['the previous signing secret', PREVIOUS_SECRET],
	['the secret that the trigger made', generated],
];

describe('secrets', () => {
	it('were in play: used, refused, and repeated by the service', async () => {
		expect(refusal).toMatch(/rejected the request \(422: …/);
		const executions = await stage.n8n.executions.list();
		const ofNodes = executions.filter(({ workflowId }) => workflowId.startsWith('node-'));
		expect(ofNodes.map(({ status }) => status).sort()).toEqual(['error', 'error', 'success']);
		expect(executions.filter(({ workflowId }) => workflowId === 'of-credential')).toHaveLength(2);
		expect(stage.n8n.log.join('\n')).toMatch(/accepted: .*evt_former.*\n[^]*unauthorised/);
	});

	it('are in no line of the log', () => {
		const log = stage.n8n.log.join('\n');
		expect(secrets().filter(([, secret]) => log.includes(secret))).toEqual([]);
	});

	it('are not in what a user is told', () => {
		expect(secrets().filter(([, secret]) => refusal.includes(secret))).toEqual([]);
	});

	it('are nowhere in the database, but for the one that the trigger made, in its static data', async () => {
		const found: Record<string, string[]> = {};
		for (const [name, secret] of secrets()) found[name] = await stage.n8n.database.find(secret);
		expect(found).toEqual({
			'the API key': [],
			'the signing secret': [],
			'the previous signing secret': [],
			'the secret that the trigger made': ['workflow_entity.staticData'],
		});
	});
});
