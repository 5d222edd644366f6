import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '../support/jest.mts';

import {
	CREDENTIAL,
	createCredential,
	type TestEnvironment,
} from '../../dev/testEnvironment/testEnvironment.mts';
import { startHeadlessEnvironment } from '../support/headlessEnvironment.mts';
import { getOutput, type Execution } from '../../dev/lab/index.mts';
import { sendApiRequest, createWebhook } from '../support/api.mts';
import { RequestRecorder } from '../support/requestRecorder.mts';
import { EXAMPLE_WORKFLOWS, loadExample } from '../../dev/testEnvironment/exampleWorkflows.mts';
import { TRIGGER_NODE } from '../../dev/testEnvironment/triggerWorkflow.mts';
import { dumpOnFailure } from './harness/dumpOnFailure.mts';

const TIMEOUT = { timeoutMs: 60_000 };
const recorder = new RequestRecorder();
let environment: TestEnvironment;
let importedIds: string[] = [];

dumpOnFailure(() => environment);

beforeAll(async () => {
	await recorder.start();
	// All attempts take 21 s. n8n may need a few seconds to respond on a busy machine.
	environment = await startHeadlessEnvironment({ simulator: { timeFactor: 300 } });
	const withSecret = createCredential(environment.simulator, {
		signingSecret: 'kept in the credential',
	});
	await environment.n8n.credentials.update(CREDENTIAL.mindPeekerApi.id, withSecret);
});
afterAll(async () => {
	await environment?.close();
	await recorder.stop();
});
afterEach(async () => {
	for (const id of importedIds) await environment.n8n.workflows.delete(id);
	for (const { id } of environment.simulator.webhooks()) environment.simulator.deleteWebhook(id);
	importedIds = [];
	recorder.reset();
});

/** Imports an example workflow as a user does, sets its URLs and publishes it. Returns its ID. */
async function importAndPublish(name: string): Promise<string> {
	const [{ id } = { id: '' }] = await environment.n8n.workflows.import(
		loadExample(name, recorder.origin),
	);
	importedIds.push(id);
	await environment.n8n.workflows.publish(id);
	return id;
}

/** Waits until a number of executions have finished. Returns them, the oldest first. */
async function waitForExecutions(workflowId: string, count: number): Promise<Execution[]> {
	const finished = await environment.n8n.executions.waitFor({ workflowId, count, ...TIMEOUT });
	expect(finished).toHaveLength(count);
	const ids = finished.map(({ id }) => id).sort((a, b) => Number(a) - Number(b));
	return await Promise.all(ids.map(async (id) => await environment.n8n.executions.get(id)));
}

/** Creates a session with results in the simulator. */
async function createSession(target: string): Promise<string> {
	const body = { type: 'remote_viewing', target, duration_minutes: 1 };
	const response = await sendApiRequest(environment.simulator, 'POST', '/sessions', body);
	return String(response.body.session_id);
}

/** Delivers an event to the only webhook. Returns it with the status of each attempt. */
async function deliver(type: string, options: { id?: string; data?: object } = {}) {
	const { event, deliveryIds } = environment.simulator.emit(type, options as object);
	const isDelivery = ({ id }: { id: string }) => id === deliveryIds[0];
	const { attempts } = await environment.simulator.waitForDelivery(isDelivery, TIMEOUT);
	return { event, statuses: attempts.map(({ status }) => status) };
}

const getMessages = () => recorder.bodiesAt('/chat').map(({ text }) => String(text));
const getExecutedNodes = ({ data }: Execution) => Object.keys(data.resultData.runData);

/** Sends recover-lost-deliveries a failure with an unknown event and webhook. */
async function expectUnknownEvent(): Promise<void> {
	const id = await importAndPublish('recover-lost-deliveries');
	await deliver('webhook.failed', { data: { webhook_id: 'wh_gone', event_id: 'evt_unknown' } });
	const [execution] = await waitForExecutions(id, 1);
	expect(execution?.status).toBe('success');
	expect(getMessages()).toHaveLength(1);
	expect(getMessages()[0]).toContain('could not be activated: ');
	expect(getMessages()[0]).toContain('is not in the table');
}

describe.each(EXAMPLE_WORKFLOWS)('%s', (name) => {
	it('uses only nodes and versions that n8n has', async () => {
		const { nodes } = loadExample(name);
		const nodeInfos = nodes.map(({ type, typeVersion }) => ({ name: type, version: typeVersion }));
		const types = await environment.n8n.rest.request<
			Array<{ name: string; version: number | number[] }>
		>('POST', '/node-types', { nodeInfos });
		expect(types).toHaveLength(nodes.length);
		for (const [index, { type, typeVersion }] of nodes.entries()) {
			expect(types[index]?.name.split('.').at(-1)).toBe(type.split('.').at(-1));
			expect([types[index]?.version].flat()).toContain(typeVersion);
		}
	});
});

describe('a published example', () => {
	it('high-confidence-session reports a session with its results, unless the confidence is low', async () => {
		const id = await importAndPublish('high-confidence-session');
		await deliver('session.completed', { data: { confidence_score: 0.79 } });
		const session = await createSession('The lighthouse');
		await waitForExecutions(id, 1);
		expect(getMessages()).toEqual([
			`Session ${session} completed with a confidence of 0.87.\nTarget: The lighthouse\nFound: urban environment, water body nearby`,
		]);
	});

	it('route-events runs the branch of the event and builds a text', async () => {
		const id = await importAndPublish('route-events');
		const branches = {
			'session.completed': 'Session completed',
			'session.failed': 'Session failed',
			'analysis.completed': 'Analysis completed',
			'analysis.failed': 'Analysis failed',
			'dowsing.query_completed': 'Dowsing query completed',
			'system.service_disruption': 'Service disruption',
		};
		for (const type of Object.keys(branches)) await deliver(type);
		const executions = await waitForExecutions(id, Object.keys(branches).length);
		expect(executions.map(getExecutedNodes)).toEqual(
			Object.values(branches).map((branch) => [TRIGGER_NODE, branch]),
		);
		for (const execution of executions) {
			const [, branch = ''] = getExecutedNodes(execution);
			const text = String(getOutput(execution, branch)[0]?.json.text);
			expect(text).toMatch(/\w+ \w+/);
			expect(text).not.toMatch(/undefined|null|no \w+ given/);
		}
	});

	it('failed-payment-alert reports the reason and the amount', async () => {
		await importAndPublish('failed-payment-alert');
		const { event } = await deliver('account.payment_failed');
		await waitFor(async () => expect(await getMessages()).toHaveLength(1));
		expect(getMessages()[0]).toContain('A payment to MindPeeker failed: The card was declined.');
		expect(getMessages()[0]).toContain('4900 usd');
		expect(getMessages()[0]).toContain(event.id);
	});

	it('retry-failed-executions gets a retry after a temporary error, but not after a permanent one', async () => {
		const id = await importAndPublish('retry-failed-executions');
		const responses = [503, 200, 422];
		recorder.statusFor = () => responses.shift() ?? 200;
		const retried = await deliver('session.completed');
		const rejected = await deliver('session.completed');
		expect([retried.statuses, rejected.statuses]).toEqual([[500, 200], [200]]);
		expect((await waitForExecutions(id, 3)).map(({ status }) => status)).toEqual([
			'error',
			'success',
			'success',
		]);
		expect(recorder.bodiesAt('/system').map(({ event_id }) => event_id)).toEqual([
			retried.event.id,
			retried.event.id,
			rejected.event.id,
		]);
	});
});

describe('the table of store-events', () => {
	it('can be missing: then recover-lost-deliveries reports only the failure', expectUnknownEvent);

	/** Reads the table's rows as n8n's data tables page does. */
	async function getRows(): Promise<Array<Record<string, unknown>>> {
		interface List {
			data: Array<Record<string, unknown>>;
		}
		const { rest } = environment.n8n;
		const project = await rest.request<{ id: string }>('GET', '/projects/personal');
		const tables = `/projects/${project.id}/data-tables`;
		const { data } = await rest.request<List>('GET', tables);
		const table = data.find(({ name }) => name === 'MindPeeker events');
		return (await rest.request<List>('GET', `${tables}/${String(table?.id)}/rows`)).data;
	}

	it('contains each event once, even after a duplicate and a restart of n8n', async () => {
		const id = await importAndPublish('store-events');
		const { event, statuses } = await deliver('session.completed');
		expect(statuses.at(-1)).toBe(200);
		await deliver('session.completed', { id: event.id });
		await environment.n8n.restart();
		await deliver('session.completed', { id: event.id });
		await deliver('system.security_alert');
		const countRuns = async () => {
			const successes = { workflowId: id, status: ['success' as const] };
			const all = await environment.n8n.executions.list(successes);
			return all.filter(({ mode }) => mode === 'webhook').length;
		};
		await waitFor(async () => expect(await countRuns()).toBe(3));
		const rows = await getRows();
		expect(rows.map(({ type }) => type).sort()).toEqual([
			'session.completed',
			'system.security_alert',
		]);
		const session = rows.find(({ event_id }) => event_id === event.id);
		expect(session).toMatchObject({ subject: event.data?.session_id, livemode: true });
		expect(JSON.parse(String(session?.data))).toEqual(event.data);
	});

	it('lets recover-lost-deliveries process the session of a lost event and activate the webhook again', async () => {
		await importAndPublish('store-events');
		const id = await importAndPublish('recover-lost-deliveries');
		recorder.statusFor = (path) => (path === '/dead' ? 500 : 200);
		const deadId = await createWebhook(environment.simulator, `${recorder.origin}/dead`, [
			'session.completed',
		]);
		const session = await createSession('The lighthouse');
		await waitFor(async () => expect(await getMessages()).toHaveLength(1));
		expect(recorder.bodiesAt('/dead')).toHaveLength(7);
		const lost = String(recorder.bodiesAt('/dead')[0]?.id);
		expect(getMessages()[0]).toContain(
			`could not deliver event ${lost} to ${recorder.origin}/dead`,
		);
		expect(getMessages()[0]).toContain('The webhook is active again.');
		expect(getMessages()[0]).toContain(`The event is in the table: session.completed ${session}.`);
		const dead = environment.simulator.webhooks().find((webhook) => webhook.id === deadId);
		expect(dead).toMatchObject({ active: true, status: 'active' });
		const [execution] = await waitForExecutions(id, 1);
		expect(getOutput(execution!, 'Process session').map(({ json }) => json)).toEqual([
			expect.objectContaining({ results: expect.anything() }),
		]);
	});

	it('may not contain the event: then recover-lost-deliveries reports that', expectUnknownEvent);
});

describe('daily-registration-check', () => {
	const getHook = () =>
		environment.simulator.webhooks().find(({ url }) => url === `${recorder.origin}/hook`);

	/** Runs the workflow as "Execute workflow" does in the editor. */
	async function runNow(id: string, count: number): Promise<void> {
		const triggerToStartFrom = { name: 'Every day' };
		await environment.n8n.rest.request('POST', `/workflows/${id}/run`, { triggerToStartFrom });
		const executions = await waitForExecutions(id, count);
		expect(executions.map(({ status }) => status)).toEqual(Array(count).fill('success'));
	}

	it('creates a missing webhook when n8n starts, activates a paused one, and otherwise reports nothing', async () => {
		const id = await importAndPublish('daily-registration-check');
		expect(getHook()).toBeUndefined();
		await environment.n8n.restart();
		await waitForExecutions(id, 1);
		const events = ['session.completed', 'session.failed'];
		expect(getHook()).toMatchObject({ events, active: true, secret: 'kept in the credential' });
		environment.simulator.pauseWebhook(getHook()!.id);
		await runNow(id, 2);
		expect(getHook()).toMatchObject({ events, active: true });
		await runNow(id, 3);
		const subject = `The MindPeeker webhook for ${recorder.origin}/hook was`;
		expect(getMessages()).toEqual([`${subject} created.`, `${subject} updated.`]);
	});

	it('reports that it could not check the webhook', async () => {
		const id = await importAndPublish('daily-registration-check');
		environment.simulator.faults.add({ on: 'api', kind: 'response', status: 403, times: 1 });
		await runNow(id, 1);
		expect(getMessages()).toEqual([
			expect.stringMatching(/^The MindPeeker webhook for .*\/hook could not be checked: /),
		]);
	});
});
