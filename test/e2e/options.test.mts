import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { TestEnvironment } from '../../dev/testEnvironment/testEnvironment.mts';
import { startHeadlessEnvironment } from '../support/headlessEnvironment.mts';
import { getOutput } from '../../dev/lab/index.mts';
import { SideEffectServer } from '../../dev/testEnvironment/sideEffectServer.mts';
import {
	RESULT_NODE,
	SECOND_NODE,
	TRIGGER_NODE,
	createTriggerWorkflow,
	createTwoOutputWorkflow,
} from '../../dev/testEnvironment/triggerWorkflow.mts';
import { dumpOnFailure } from './harness/dumpOnFailure.mts';

const TIMEOUT = { timeoutMs: 30_000 };
let environment: TestEnvironment;
const sideEffectServer = new SideEffectServer(() => ({ failures: 1, delayMs: 0 }));

dumpOnFailure(() => environment);

beforeAll(async () => {
	await sideEffectServer.start();
	environment = await startHeadlessEnvironment({ simulator: { timeFactor: 20 } });
});
afterAll(async () => {
	await environment?.close();
	await sideEffectServer.stop();
});

describe('the outputs of the trigger, in a real n8n', () => {
	it.each<[string, unknown]>([
		['outputs', ['session.completed', 'analysis.completed']],
		['outputs-text', `={{ '["session.completed", "analysis.completed"]' }}`],
		['outputs-lines', 'session.completed;\nanalysis.completed'],
	])('get each simplified event by its type: %s', async (id, events) => {
		const workflow = createTwoOutputWorkflow(id, {
			events,
			output: 'perEvent',
			options: { simplify: true, minimumConfidence: 0.5 },
		});
		await environment.n8n.workflows.import(workflow);
		await environment.n8n.workflows.publish(id);
		for (const [type, score] of [
			['session.completed', 0.4],
			['session.completed', 0.9],
			['analysis.completed', 0.8],
		] as const) {
			const { event } = environment.simulator.emit(type, { data: { confidence_score: score } });
			const { attempts } = await environment.simulator.waitForDelivery(event.id, TIMEOUT);
			expect(attempts).toMatchObject([{ status: 200 }]);
		}
		const ended = await environment.n8n.executions.waitFor({
			workflowId: id,
			count: 2,
			...TIMEOUT,
		});
		const results = await Promise.all(
			ended.reverse().map(async (summary) => {
				const execution = await environment.n8n.executions.get(summary.id);
				return [RESULT_NODE, SECOND_NODE].map((node) =>
					getOutput(execution, node).map(({ json }) => [json.eventType, json.confidence_score]),
				);
			}),
		);
		expect(results).toEqual([
			[[['session.completed', 0.9]], []],
			[[], [['analysis.completed', 0.8]]],
		]);
		await environment.n8n.workflows.unpublish(id);
	});
});

describe('Acknowledge: When Finished, in a real n8n', () => {
	const parameters = { events: ['session.completed'], options: { acknowledge: 'finished' } };

	/** Publishes a workflow with a node after the trigger. The returned function sends it an event and returns the statuses. */
	async function publishWith(id: string, node: Record<string, unknown>) {
		const workflow = createTriggerWorkflow(id, parameters);
		Object.assign(workflow.nodes[1]!, node);
		for (const { id: other } of environment.simulator.webhooks())
			environment.simulator.pauseWebhook(other);
		await environment.n8n.workflows.import(workflow);
		await environment.n8n.workflows.publish(id);
		return async () => {
			const { event } = environment.simulator.emit('session.completed');
			const { attempts } = await environment.simulator.waitForDelivery(event.id, TIMEOUT);
			return attempts.map(({ status }) => status);
		};
	}
	const getExecutionStatuses = async (workflowId: string) =>
		(await environment.n8n.executions.list({ workflowId })).map(({ status }) => status);

	it('a failed workflow responds with 500 and runs again until it succeeds', async () => {
		const parameters = {
			method: 'POST',
			url: sideEffectServer.url,
			sendBody: true,
			specifyBody: 'json',
			jsonBody: '={{ JSON.stringify({ event: $json.id, execution: $execution.id }) }}',
		};
		const node = { type: 'n8n-nodes-base.httpRequest', typeVersion: 4.2, parameters };
		const sendEvent = await publishWith('fails-once', node);
		expect(await sendEvent()).toEqual([500, 200]);
		expect(await getExecutionStatuses('fails-once')).toEqual(['success', 'error']);
	});

	it('a retry waits for a workflow that exceeds the timeout, which runs once', async () => {
		const node = { type: 'n8n-nodes-base.wait', typeVersion: 1.1, parameters: { amount: 7 } };
		const sendEvent = await publishWith('outlasts', node);
		expect(await sendEvent()).toEqual([null, 200]);
		expect(await getExecutionStatuses('outlasts')).toEqual(['success']);
	});

	it('a workflow that waits for more than a minute responds when it starts to wait', async () => {
		const node = { type: 'n8n-nodes-base.wait', typeVersion: 1.1, parameters: { amount: 100 } };
		const sendEvent = await publishWith('waits', node);
		expect(await sendEvent()).toEqual([200]);
		expect(await getExecutionStatuses('waits')).toEqual(['waiting']);
	});

	it('the listening editor receives its test event', async () => {
		const id = 'listens';
		await environment.n8n.workflows.import(createTriggerWorkflow(id, parameters));
		const listening = await environment.n8n.workflows.listenForTestEvent(id, TRIGGER_NODE);
		const execution = await listening.received(TIMEOUT.timeoutMs);
		expect(getOutput(execution, TRIGGER_NODE)).toMatchObject([
			{ json: { type: 'session.completed' } },
		]);
	});

	it('unpublishing removes the webhook', async () => {
		for (const id of ['fails-once', 'outlasts', 'waits']) {
			expect(environment.simulator.webhooks().some(({ url }) => url.includes(id))).toBe(true);
			await environment.n8n.workflows.unpublish(id);
			expect(environment.simulator.webhooks().some(({ url }) => url.includes(id))).toBe(false);
		}
	});
});
