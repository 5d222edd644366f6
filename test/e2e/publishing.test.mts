import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '../support/jest.mts';

import {
	CREDENTIAL,
	createCredential,
	type TestEnvironment,
} from '../../dev/testEnvironment/testEnvironment.mts';
import { startHeadlessEnvironment } from '../support/headlessEnvironment.mts';
import { getOutput } from '../../dev/lab/index.mts';
import { sign } from '../../nodes/shared/signature.ts';
import { createWebhook } from '../support/api.mts';
import { FakeServer } from '../support/fakeServer.mts';
import {
	createTriggerWorkflow,
	RESULT_NODE,
	TRIGGER_NODE,
} from '../../dev/testEnvironment/triggerWorkflow.mts';
import { post } from './harness/post.mts';
import { dumpOnFailure } from './harness/dumpOnFailure.mts';

const TIMEOUT = { timeoutMs: 30_000 };
const events = ['session.completed', 'analysis.completed'];
let environment: TestEnvironment;
let count = 0;
let id: string;

dumpOnFailure(() => environment);

beforeAll(async () => {
	environment = await startHeadlessEnvironment();
});
afterAll(async () => await environment?.close());
afterEach(async () => {
	await environment.n8n.workflows.delete(id);
	for (const webhook of environment.simulator.webhooks())
		environment.simulator.deleteWebhook(webhook.id);
});

async function importWorkflow(parameters: object, credentials = CREDENTIAL): Promise<void> {
	id = `publication-${++count}`;
	const workflow = createTriggerWorkflow(id, { events, ...parameters }, credentials);
	await environment.n8n.workflows.import(workflow);
}

async function createOtherWebhook(): Promise<string> {
	return await createWebhook(environment.simulator, 'https://other.example.com/', events);
}

/** Delivers an event and returns it with the items that reached the last node. */
async function deliver(type: string) {
	const { event } = environment.simulator.emit(type);
	await environment.simulator.waitForDelivery(event.id, TIMEOUT);
	const [execution] = await environment.n8n.executions.waitFor({
		workflowId: id,
		count: 1,
		...TIMEOUT,
	});
	const { data, ...summary } = await environment.n8n.executions.get(execution!.id);
	const items = getOutput({ ...summary, data }, RESULT_NODE).map(({ json }) => json);
	return { event, items };
}

describe('publishing in a real n8n', () => {
	it('registers exactly one webhook with the selected events', async () => {
		await importWorkflow({});
		await environment.n8n.workflows.publish(id);
		const url = await environment.n8n.workflows.getWebhookUrl(id, TRIGGER_NODE, 'mindpeeker');
		expect(environment.simulator.webhooks()).toMatchObject([{ url, events, active: true }]);
	});

	it('unpublishing removes only the webhook of the workflow', async () => {
		const otherId = await createOtherWebhook();
		await importWorkflow({});
		await environment.n8n.workflows.publish(id);
		expect(environment.simulator.webhooks()).toHaveLength(2);
		await environment.n8n.workflows.unpublish(id);
		expect(environment.simulator.webhooks().map((webhook) => webhook.id)).toEqual([otherId]);
	});

	it('after a change of the events registers the new ones, and accepts deliveries', async () => {
		await importWorkflow({});
		await environment.n8n.workflows.publish(id);
		const { nodes } = createTriggerWorkflow(id, { events: ['dowsing.query_completed'] });
		await environment.n8n.workflows.update(id, { nodes });
		expect(environment.simulator.webhooks()).toMatchObject([
			{ events: ['dowsing.query_completed'], active: true },
		]);
		const { event, items } = await deliver('dowsing.query_completed');
		expect(items).toEqual([event]);
	});

	it('accepts the former secret after republishing', async () => {
		await importWorkflow({});
		await environment.n8n.workflows.publish(id);
		const former = environment.simulator.webhooks()[0]!;
		const { nodes } = createTriggerWorkflow(id, { events: ['session.completed'] });
		await environment.n8n.workflows.update(id, { nodes });
		const current = environment.simulator.webhooks()[0]!;
		expect(current.secret).not.toBe(former.secret);
		const body = JSON.stringify({ id: 'evt_late', type: 'session.completed', data: {} });
		const signature = sign(Buffer.from(body), former.secret);
		const response = await post(current.url, body, { 'X-MindPeeker-Signature': signature });
		expect(response.status).toBe(200);
	});

	it("uses the credential's secret, and accepts a changed one immediately", async () => {
		const data = { signingSecret: 'the first secret' };
		await environment.n8n.credentials.import({
			...createCredential(environment.simulator, data),
			id: 'own-secret',
		});
		await importWorkflow({}, { mindPeekerApi: { id: 'own-secret', name: 'MindPeeker' } });
		await environment.n8n.workflows.publish(id);
		expect(environment.simulator.webhooks()).toMatchObject([{ secret: 'the first secret' }]);
		const rotated = { signingSecret: 'the second one', previousSigningSecret: 'the first secret' };
		await environment.n8n.credentials.update(
			'own-secret',
			createCredential(environment.simulator, rotated),
		);
		const { event, items } = await deliver('session.completed');
		expect(items).toEqual([event]);
		await environment.n8n.workflows.unpublish(id);
		await environment.n8n.workflows.publish(id);
		expect(environment.simulator.webhooks()).toMatchObject([{ secret: 'the second one' }]);
	});
});

describe('a publication that fails', () => {
	it('reports a wrong API key and leaves no webhook', async () => {
		const wrong = createCredential(environment.simulator, { apiKey: 'wrong' });
		await environment.n8n.credentials.import({ ...wrong, id: 'wrong-key' });
		await importWorkflow({}, { mindPeekerApi: { id: 'wrong-key', name: 'Wrong' } });
		await expect(environment.n8n.workflows.publish(id)).rejects.toThrow(
			/MindPeeker does not accept the API key \(401.*Enter a valid key in the MindPeeker credential/,
		);
		expect(environment.simulator.webhooks()).toEqual([]);
	});

	it('reports a URL that MindPeeker cannot reach', async () => {
		const production = createCredential(environment.simulator, { environment: 'production' });
		await environment.n8n.credentials.import({ ...production, id: 'production' });
		await importWorkflow({}, { mindPeekerApi: { id: 'production', name: 'Production' } });
		await expect(environment.n8n.workflows.publish(id)).rejects.toThrow(
			/MindPeeker cannot deliver to http:\/\/localhost:.*N8N_WEBHOOK_URL/,
		);
	});
});

describe('the test listener of the editor', () => {
	it('receives a test event of the first selected type and removes its webhook', async () => {
		await importWorkflow({});
		const listening = await environment.n8n.workflows.listenForTestEvent(id, TRIGGER_NODE);
		const execution = await listening.received(TIMEOUT.timeoutMs);
		const [item] = getOutput(execution, TRIGGER_NODE);
		expect(item?.json).toMatchObject({
			type: 'session.completed',
			livemode: false,
			data: { results: { descriptors: ['urban environment', 'water body nearby'] } },
		});
		await waitFor(() => expect(environment.simulator.webhooks()).toEqual([]));
	});

	it('registers the test URL, receives an event and removes its webhook', async () => {
		await importWorkflow({ options: { sendTestEvent: false } });
		const listening = await environment.n8n.workflows.listenForTestEvent(id, TRIGGER_NODE);
		const url = await environment.n8n.workflows.getWebhookUrl(id, TRIGGER_NODE, 'mindpeeker', true);
		expect(environment.simulator.webhooks()).toMatchObject([{ url, events, active: true }]);
		const { event } = environment.simulator.emit('session.completed');
		const execution = await listening.received(TIMEOUT.timeoutMs);
		expect(getOutput(execution, TRIGGER_NODE).map(({ json }) => json)).toEqual([event]);
		await waitFor(() => expect(environment.simulator.webhooks()).toEqual([]));
	});

	it('removes its webhook when it is canceled', async () => {
		await importWorkflow({ options: { sendTestEvent: false } });
		const listening = await environment.n8n.workflows.listenForTestEvent(id, TRIGGER_NODE);
		await waitFor(() => expect(environment.simulator.webhooks()).toHaveLength(1));
		await listening.cancel();
		await waitFor(() => expect(environment.simulator.webhooks()).toEqual([]));
	});
});

describe("n8n's test of the credential", () => {
	it('succeeds with a valid key and fails with a wrong one', async () => {
		const valid = createCredential(environment.simulator);
		const wrong = createCredential(environment.simulator, { apiKey: 'wrong' });
		await importWorkflow({});
		expect(await environment.n8n.credentials.test(valid.id, valid)).toMatchObject({ status: 'OK' });
		expect(await environment.n8n.credentials.test(valid.id, wrong)).toMatchObject({
			status: 'Error',
		});
	});

	it('fails after a redirect and does not send the key to another host', async () => {
		const [api, otherHost] = [new FakeServer(), new FakeServer()];
		await Promise.all([api.start(), otherHost.start()]);
		api.handler = (_request, response) => response.redirect(`${otherHost.origin}/webhooks`);
		const redirected = createCredential(environment.simulator, { baseUrl: api.origin });
		await importWorkflow({});
		const result = await environment.n8n.credentials.test(redirected.id, redirected);
		await Promise.all([api.stop(), otherHost.stop()]);
		expect(result).toMatchObject({ status: 'Error' });
		expect(api.requests).toEqual(['GET /webhooks']);
		expect(otherHost.requests).toEqual([]);
	});
});
