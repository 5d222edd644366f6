import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { getOutput, N8N_1 } from '../../dev/lab/index.mts';
import {
	CREDENTIAL,
	createCredential,
	startEnvironment,
	type TestEnvironment,
} from '../../dev/testEnvironment/testEnvironment.mts';
import {
	createTriggerWorkflow,
	RESULT_NODE,
	TRIGGER_NODE,
} from '../../dev/testEnvironment/triggerWorkflow.mts';
import { sign } from '../../nodes/shared/signature.ts';
import { dumpOnFailure } from '../e2e/harness/dumpOnFailure.mts';
import { post } from '../e2e/harness/post.mts';
import { waitFor } from '../support/jest.mts';

/** Only ends tests that hang. */
const TIMEOUT = { timeoutMs: 300_000 };
const parameters = { events: ['session.completed'] };
let environment: TestEnvironment;
let id: string;

dumpOnFailure(() => environment);

beforeAll(async () => {
	environment = await startEnvironment({
		release: N8N_1,
		simulator: { timeFactor: 20, responseTimeoutMs: TIMEOUT.timeoutMs },
	});
	id = await importWorkflow(createTriggerWorkflow('first', parameters));
});
afterAll(async () => await environment?.close());

/** Returns the ID that n8n assigned. */
async function importWorkflow(workflow: ReturnType<typeof createTriggerWorkflow>): Promise<string> {
	const [created] = await environment.n8n.workflows.import(workflow);
	return created!.id;
}

/** Emits an event and returns the statuses of its delivery attempts. */
async function deliver(type: string, eventId?: string) {
	const { event, deliveryIds } = environment.simulator.emit(type, { id: eventId });
	const isDelivery = (delivery: { id: string }) => delivery.id === deliveryIds[0];
	const { attempts } = await environment.simulator.waitForDelivery(isDelivery, TIMEOUT);
	return { event, statuses: attempts.map(({ status }) => status) };
}

/** The items that reached the last node of each execution, oldest first. */
async function getResults(workflowId: string, count: number): Promise<unknown[][]> {
	const { executions } = environment.n8n;
	const ended = await executions.waitFor({ workflowId, count, ...TIMEOUT });
	const all = await Promise.all(ended.reverse().map(async (it) => await executions.get(it.id)));
	return all.map((execution) => getOutput(execution, RESULT_NODE).map(({ json }) => json));
}

// The tests run in order, in one n8n.
describe('the first workflow in n8n 1.x', () => {
	/** The items at the last node of each execution so far. */
	const expected: unknown[][] = [];
	const forged = JSON.stringify({ id: 'evt_forged', type: 'session.completed', data: {} });
	const getWebhook = () => environment.simulator.webhooks()[0]!;

	it('has both nodes of the package in its editor', async () => {
		const { rest } = environment.n8n;
		expect(await rest.request('GET', '/settings')).toMatchObject({ versionCli: N8N_1.version });
		const names = ['mindPeeker', 'mindPeekerTrigger'];
		const nodeInfos = names.map((name) => ({ name: `n8n-nodes-mindpeeker.${name}`, version: 1 }));
		const found = await rest.request('POST', '/node-types', { nodeInfos });
		expect(found).toMatchObject(names.map((name) => ({ name })));
	});

	it('has a credential whose test accepts a valid key and rejects a wrong one', async () => {
		const { credentials } = environment.n8n;
		const valid = createCredential(environment.simulator);
		const wrong = createCredential(environment.simulator, { apiKey: 'wrong' });
		expect(await credentials.test(valid.id, valid)).toMatchObject({ status: 'OK' });
		expect(await credentials.test(valid.id, wrong)).toMatchObject({ status: 'Error' });
	});

	it('receives a test event in the editor, which then removes the webhook', async () => {
		const listening = await environment.n8n.workflows.listenForTestEvent(id, TRIGGER_NODE);
		const execution = await listening.received(TIMEOUT.timeoutMs);
		expect(getOutput(execution, TRIGGER_NODE)).toMatchObject([
			{ json: { type: 'session.completed', livemode: false } },
		]);
		await waitFor(() => expect(environment.simulator.webhooks()).toEqual([]), TIMEOUT.timeoutMs);
		expected.push(getOutput(execution, RESULT_NODE).map(({ json }) => json));
	});

	it('cannot be activated with a wrong API key, and the error says what to do', async () => {
		const wrong = { ...createCredential(environment.simulator, { apiKey: 'wrong' }), id: 'wrong' };
		await environment.n8n.credentials.import(wrong);
		const credentials = { mindPeekerApi: { ...CREDENTIAL.mindPeekerApi, id: 'wrong' } };
		const refused = await importWorkflow(createTriggerWorkflow('refused', parameters, credentials));
		await expect(environment.n8n.workflows.publish(refused)).rejects.toThrow(
			/MindPeeker does not accept the API key \(401.*Enter a valid key in the MindPeeker credential/,
		);
		expect(environment.simulator.webhooks()).toEqual([]);
	});

	it('registers one webhook when it is activated', async () => {
		await environment.n8n.workflows.publish(id);
		const url = await environment.n8n.workflows.getWebhookUrl(id, TRIGGER_NODE, 'mindpeeker');
		expect(environment.simulator.webhooks()).toMatchObject([{ url, ...parameters, active: true }]);
	});

	it('runs once for an event, which it receives unchanged', async () => {
		const { event, statuses } = await deliver('session.completed', 'evt_first');
		expect(statuses).toEqual([200]);
		expected.push([event]);
		expect(await getResults(id, expected.length)).toEqual(expected);
	});

	it('does not run for a duplicate', async () => {
		expect((await deliver('session.completed', 'evt_first')).statuses).toEqual([200]);
		expect(await getResults(id, expected.length)).toEqual(expected);
	});

	it.each([
		['a wrong signature', () => sign(Buffer.from(forged), 'another secret')],
		['the signature of another body', () => sign(Buffer.from(`${forged} `), getWebhook().secret)],
		['no signature', () => ''],
	])('responds with 401 to an event with %s, and does not run', async (_, createSignature) => {
		const headers = { 'X-MindPeeker-Signature': createSignature() };
		const response = await post(getWebhook().url, forged, headers);
		expect(response).toEqual({ status: 401, text: 'Invalid signature' });
		expect(await getResults(id, expected.length)).toEqual(expected);
	});

	it('registers new events when it is saved, and accepts the former secret', async () => {
		const former = getWebhook();
		const events = ['session.completed', 'analysis.completed'];
		const { nodes } = createTriggerWorkflow('first', { events });
		await environment.n8n.workflows.update(id, { nodes });
		expect(environment.simulator.webhooks()).toMatchObject([{ url: former.url, events }]);
		expect(getWebhook().secret).not.toBe(former.secret);

		const late = { id: 'evt_late', type: 'session.completed', data: {} };
		const body = JSON.stringify(late);
		const headers = { 'X-MindPeeker-Signature': sign(Buffer.from(body), former.secret) };
		expect((await post(former.url, body, headers)).status).toBe(200);
		const { event, statuses } = await deliver('analysis.completed');
		expect(statuses).toEqual([200]);
		expected.push([late], [event]);
		expect(await getResults(id, expected.length)).toEqual(expected);
	});

	it('keeps its webhook after a restart of n8n, which checks it', async () => {
		const before = environment.simulator.webhooks();
		const requests = environment.simulator.requests().length;
		await environment.n8n.restart();
		const hasActivated = () => expect(environment.n8n.log.join()).toContain('Activated workflow');
		await waitFor(hasActivated, TIMEOUT.timeoutMs);
		const checks = environment.simulator.requests().slice(requests);
		expect(checks.map(({ method }) => method)).toEqual(['GET']);
		expect(environment.simulator.webhooks()).toEqual(before);
	});

	it('drops a duplicate after the restart, and runs for a new event', async () => {
		expect((await deliver('session.completed', 'evt_first')).statuses).toEqual([200]);
		const { event, statuses } = await deliver('session.completed');
		expect(statuses).toEqual([200]);
		expected.push([], [event]);
		expect(await getResults(id, expected.length)).toEqual(expected);
	});

	it('removes its webhook when it is deactivated', async () => {
		const { url } = getWebhook();
		await environment.n8n.workflows.unpublish(id);
		expect(environment.simulator.webhooks()).toEqual([]);
		expect((await post(url, '{}')).status).toBe(404);
	});
});

describe('Acknowledge: When Finished in n8n 1.x', () => {
	it('responds with 500 if the MindPeeker node fails, and runs again for the retry', async () => {
		const workflow = createTriggerWorkflow('finished', {
			...parameters,
			options: { acknowledge: 'finished' },
		});
		Object.assign(workflow.nodes[1]!, {
			type: 'n8n-nodes-mindpeeker.mindPeeker',
			parameters: { resource: 'webhook', operation: 'getAll', returnAll: true },
			credentials: CREDENTIAL,
		});
		const finishedId = await importWorkflow(workflow);
		await environment.n8n.workflows.publish(finishedId);
		environment.simulator.faults.add({ on: 'api', kind: 'response', status: 403, times: 1 });
		expect((await deliver('session.completed')).statuses).toEqual([500, 200]);
		const [webhook] = environment.simulator.webhooks();
		const listed = expect.objectContaining({ id: webhook!.id });
		expect(await getResults(finishedId, 2)).toEqual([[], [listed]]);
		await environment.n8n.workflows.unpublish(finishedId);
		expect(environment.simulator.webhooks()).toEqual([]);
	});
});
