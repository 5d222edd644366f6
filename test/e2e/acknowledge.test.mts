import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { Stage } from '../../dev/testEnvironment/stage.mts';
import { setTestStage } from '../support/testStage.mts';
import { outputOf } from '../../dev/lab/index.mts';
import { Sink } from '../support/sink.mts';
import { TRIGGER, workflowWith } from '../../dev/testEnvironment/workflow.mts';
import { dumpOnFailure } from './harness/dumpOnFailure.mts';

const TIMEOUT = { timeoutMs: 30_000 };
const parameters = { events: ['session.completed'], options: { acknowledge: 'finished' } };
let stage: Stage;
const sink = new Sink(() => ({ failures: 1, delayMs: 0 }));

dumpOnFailure(() => stage);

beforeAll(async () => {
	await sink.start();
	stage = await setTestStage({ simulator: { timeFactor: 20 } });
});
afterAll(async () => {
	await stage?.close();
	await sink.stop();
});

/** Publishes a workflow with this node behind the trigger, and gives what makes an event happen for it alone. */
async function publish(id: string, node: Record<string, unknown>) {
	const workflow = workflowWith(id, parameters);
	Object.assign(workflow.nodes[1]!, node);
	for (const { id: other } of stage.simulator.webhooks()) stage.simulator.pauseWebhook(other);
	await stage.n8n.workflows.import(workflow);
	await stage.n8n.workflows.publish(id);
	return async () => {
		const { event } = stage.simulator.emit('session.completed');
		const { attempts } = await stage.simulator.waitForDelivery(event.id, TIMEOUT);
		return attempts.map(({ status }) => status);
	};
}
const statuses = async (workflowId: string) =>
	(await stage.n8n.executions.list({ workflowId })).map(({ status }) => status);

describe('acknowledged when finished, in a real n8n', () => {
	it('a workflow that fails is answered 500, and runs again until it succeeds', async () => {
		const parameters = {
			method: 'POST',
			url: sink.url,
			sendBody: true,
			specifyBody: 'json',
			jsonBody: '={{ JSON.stringify({ event: $json.id, execution: $execution.id }) }}',
		};
		const node = { type: 'n8n-nodes-base.httpRequest', typeVersion: 4.2, parameters };
		const happen = await publish('fails-once', node);
		expect(await happen()).toEqual([500, 200]);
		expect(await statuses('fails-once')).toEqual(['success', 'error']);
	});

	it('a workflow that outlasts MindPeeker is joined by the retry, and runs once', async () => {
		const node = { type: 'n8n-nodes-base.wait', typeVersion: 1.1, parameters: { amount: 7 } };
		const happen = await publish('outlasts', node);
		expect(await happen()).toEqual([null, 200]);
		expect(await statuses('outlasts')).toEqual(['success']);
	});

	it('a workflow that waits for longer than a minute is answered when it begins to wait', async () => {
		const node = { type: 'n8n-nodes-base.wait', typeVersion: 1.1, parameters: { amount: 100 } };
		const happen = await publish('waits', node);
		expect(await happen()).toEqual([200]);
		expect(await statuses('waits')).toEqual(['waiting']);
	});

	it('the listening editor is sent its test event all the same', async () => {
		const id = 'listens';
		await stage.n8n.workflows.import(workflowWith(id, parameters));
		const listening = await stage.n8n.workflows.listenForTestEvent(id, TRIGGER);
		const execution = await listening.received(TIMEOUT.timeoutMs);
		expect(outputOf(execution, TRIGGER)).toMatchObject([{ json: { type: 'session.completed' } }]);
	});

	it('leaves no webhook when it is unpublished', async () => {
		for (const id of ['fails-once', 'outlasts', 'waits']) {
			expect(stage.simulator.webhooks().some(({ url }) => url.includes(id))).toBe(true);
			await stage.n8n.workflows.unpublish(id);
			expect(stage.simulator.webhooks().some(({ url }) => url.includes(id))).toBe(false);
		}
	});
});
