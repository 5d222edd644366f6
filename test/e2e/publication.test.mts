import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '../support/jest.mts';

import { CREDENTIAL, credentialFor, type Stage } from '../../dev/testEnvironment/stage.mts';
import { setTestStage } from '../support/testStage.mts';
import { outputOf } from '../../dev/lab/index.mts';
import { sign } from '../../nodes/shared/signature.ts';
import { register } from '../support/api.mts';
import { HostileService } from '../support/hostileService.mts';
import { workflowWith, LAST_NODE, TRIGGER } from '../../dev/testEnvironment/workflow.mts';
import { post } from './harness/post.mts';
import { dumpOnFailure } from './harness/dumpOnFailure.mts';

const TIMEOUT = { timeoutMs: 30_000 };
const events = ['session.completed', 'analysis.completed'];
let stage: Stage;
let count = 0;
let id: string;

dumpOnFailure(() => stage);

beforeAll(async () => {
	stage = await setTestStage();
});
afterAll(async () => await stage?.close());
afterEach(async () => {
	await stage.n8n.workflows.delete(id);
	for (const webhook of stage.simulator.webhooks()) stage.simulator.removeWebhook(webhook.id);
});

async function makeWorkflow(parameters: object, credentials = CREDENTIAL): Promise<void> {
	id = `publication-${++count}`;
	const workflow = workflowWith(id, { events, ...parameters }, credentials);
	await stage.n8n.workflows.import(workflow);
}

async function makeSomebodyElsesWebhook(): Promise<string> {
	return await register(stage.simulator, 'https://else.example.com/', events);
}

/** Sends an event and gives what the workflow got from it. */
async function deliver(type: string) {
	const { event } = stage.simulator.emit(type);
	await stage.simulator.waitForDelivery(event.id, TIMEOUT);
	const [execution] = await stage.n8n.executions.waitFor({ workflowId: id, count: 1, ...TIMEOUT });
	const { data, ...summary } = await stage.n8n.executions.get(execution!.id);
	const items = outputOf({ ...summary, data }, LAST_NODE).map(({ json }) => json);
	return { event, items };
}

describe('publishing in a real n8n', () => {
	it('registers exactly one webhook with the chosen events', async () => {
		await makeWorkflow({});
		await stage.n8n.workflows.publish(id);
		const url = await stage.n8n.workflows.webhookUrl(id, TRIGGER, 'mindpeeker');
		expect(stage.simulator.webhooks()).toMatchObject([{ url, events, active: true }]);
	});

	it("unpublishing removes the webhook and nobody else's", async () => {
		const theirs = await makeSomebodyElsesWebhook();
		await makeWorkflow({});
		await stage.n8n.workflows.publish(id);
		expect(stage.simulator.webhooks()).toHaveLength(2);
		await stage.n8n.workflows.unpublish(id);
		expect(stage.simulator.webhooks().map((webhook) => webhook.id)).toEqual([theirs]);
	});

	it('of a changed selection registers the new one, and what is delivered then still verifies', async () => {
		await makeWorkflow({});
		await stage.n8n.workflows.publish(id);
		const { nodes } = workflowWith(id, { events: ['dowsing.query_completed'] });
		await stage.n8n.workflows.update(id, { nodes });
		expect(stage.simulator.webhooks()).toMatchObject([
			{ events: ['dowsing.query_completed'], active: true },
		]);
		const { event, items } = await deliver('dowsing.query_completed');
		expect(items).toEqual([event]);
	});

	it('after a republication accepts what was signed with the former secret', async () => {
		await makeWorkflow({});
		await stage.n8n.workflows.publish(id);
		const former = stage.simulator.webhooks()[0]!;
		const { nodes } = workflowWith(id, { events: ['session.completed'] });
		await stage.n8n.workflows.update(id, { nodes });
		const current = stage.simulator.webhooks()[0]!;
		expect(current.secret).not.toBe(former.secret);
		const body = JSON.stringify({ id: 'evt_late', type: 'session.completed', data: {} });
		const signature = sign(Buffer.from(body), former.secret);
		const answer = await post(current.url, body, { 'X-MindPeeker-Signature': signature });
		expect(answer.status).toBe(200);
	});

	it("uses the credential's secret, and one that is changed there is good at once", async () => {
		const data = { signingSecret: 'the first secret' };
		await stage.n8n.credentials.import({
			...credentialFor(stage.simulator, data),
			id: 'own-secret',
		});
		await makeWorkflow({}, { mindPeekerApi: { id: 'own-secret', name: 'MindPeeker' } });
		await stage.n8n.workflows.publish(id);
		expect(stage.simulator.webhooks()).toMatchObject([{ secret: 'the first secret' }]);
		const rotated = { signingSecret: 'the second one', previousSigningSecret: 'the first secret' };
		await stage.n8n.credentials.update('own-secret', credentialFor(stage.simulator, rotated));
		const { event, items } = await deliver('session.completed');
		expect(items).toEqual([event]);
		await stage.n8n.workflows.unpublish(id);
		await stage.n8n.workflows.publish(id);
		expect(stage.simulator.webhooks()).toMatchObject([{ secret: 'the second one' }]);
	});
});

describe('a publication that fails', () => {
	it('names a wrong API key, and leaves nothing behind', async () => {
		const wrong = credentialFor(stage.simulator, { apiKey: 'wrong' });
		await stage.n8n.credentials.import({ ...wrong, id: 'wrong-key' });
		await makeWorkflow({}, { mindPeekerApi: { id: 'wrong-key', name: 'Wrong' } });
		await expect(stage.n8n.workflows.publish(id)).rejects.toThrow(
			/MindPeeker does not accept the API key \(401.*Enter a valid key in the MindPeeker credential/,
		);
		expect(stage.simulator.webhooks()).toEqual([]);
	});

	it('names a url that MindPeeker cannot reach', async () => {
		const production = credentialFor(stage.simulator, { environment: 'production' });
		await stage.n8n.credentials.import({ ...production, id: 'production' });
		await makeWorkflow({}, { mindPeekerApi: { id: 'production', name: 'Production' } });
		await expect(stage.n8n.workflows.publish(id)).rejects.toThrow(
			/MindPeeker cannot deliver to http:\/\/localhost:.*WEBHOOK_URL/,
		);
	});
});

describe('the test listener of the editor', () => {
	it('is sent a test event of the first chosen type, and cleans up', async () => {
		await makeWorkflow({});
		const listening = await stage.n8n.workflows.listenForTestEvent(id, TRIGGER);
		const execution = await listening.received(TIMEOUT.timeoutMs);
		const [item] = outputOf(execution, TRIGGER);
		expect(item?.json).toMatchObject({
			type: 'session.completed',
			livemode: false,
			data: { results: { descriptors: ['urban environment', 'water body nearby'] } },
		});
		await waitFor(() => expect(stage.simulator.webhooks()).toEqual([]));
	});

	it('registers its own url, receives, and cleans up', async () => {
		await makeWorkflow({ options: { sendTestEvent: false } });
		const listening = await stage.n8n.workflows.listenForTestEvent(id, TRIGGER);
		const url = await stage.n8n.workflows.webhookUrl(id, TRIGGER, 'mindpeeker', true);
		expect(stage.simulator.webhooks()).toMatchObject([{ url, events, active: true }]);
		const { event } = stage.simulator.emit('session.completed');
		const execution = await listening.received(TIMEOUT.timeoutMs);
		expect(outputOf(execution, TRIGGER).map(({ json }) => json)).toEqual([event]);
		await waitFor(() => expect(stage.simulator.webhooks()).toEqual([]));
	});

	it('cleans up when it is cancelled', async () => {
		await makeWorkflow({ options: { sendTestEvent: false } });
		const listening = await stage.n8n.workflows.listenForTestEvent(id, TRIGGER);
		await waitFor(() => expect(stage.simulator.webhooks()).toHaveLength(1));
		await listening.cancel();
		await waitFor(() => expect(stage.simulator.webhooks()).toEqual([]));
	});
});

describe("n8n's test of the credential", () => {
	it('is passed by a good key, and failed by a wrong one', async () => {
		const good = credentialFor(stage.simulator);
		const wrong = credentialFor(stage.simulator, { apiKey: 'wrong' });
		await makeWorkflow({});
		expect(await stage.n8n.credentials.test(good.id, good)).toMatchObject({ status: 'OK' });
		expect(await stage.n8n.credentials.test(good.id, wrong)).toMatchObject({ status: 'Error' });
	});

	it('is failed by a redirect, which does not take the key to another host', async () => {
		const [service, elsewhere] = [new HostileService(), new HostileService()];
		await Promise.all([service.start(), elsewhere.start()]);
		service.answer = (_request, response) => response.redirect(`${elsewhere.origin}/webhooks`);
		const redirected = credentialFor(stage.simulator, { baseUrl: service.origin });
		await makeWorkflow({});
		const result = await stage.n8n.credentials.test(redirected.id, redirected);
		await Promise.all([service.stop(), elsewhere.stop()]);
		expect(result).toMatchObject({ status: 'Error' });
		expect(service.calls).toEqual(['GET /webhooks']);
		expect(elsewhere.calls).toEqual([]);
	});
});
