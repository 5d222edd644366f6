import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { TestEnvironment } from '../../dev/testEnvironment/testEnvironment.mts';
import { startHeadlessEnvironment } from '../support/headlessEnvironment.mts';
import { getOutput, type WorkflowImport } from '../../dev/lab/index.mts';
import {
	RESULT_NODE,
	TRIGGER_NODE,
	createTriggerWorkflow,
} from '../../dev/testEnvironment/triggerWorkflow.mts';
import { dumpOnFailure } from './harness/dumpOnFailure.mts';

const TIMEOUT = { timeoutMs: 30_000 };
const SECOND_NODE = 'Second';
let environment: TestEnvironment;

dumpOnFailure(() => environment);

beforeAll(async () => {
	environment = await startHeadlessEnvironment();
});
afterAll(async () => await environment?.close());

/** Creates a workflow with a node after each of the trigger's first two outputs. */
function createTwoOutputWorkflow(id: string, parameters: Record<string, unknown>): WorkflowImport {
	const workflow = createTriggerWorkflow(id, parameters);
	const last = workflow.nodes[1]!;
	const main = [RESULT_NODE, SECOND_NODE].map((node) => [{ node, type: 'main', index: 0 }]);
	return {
		...workflow,
		nodes: [...workflow.nodes, { ...last, id: `${id}-second`, name: SECOND_NODE }],
		connections: { [TRIGGER_NODE]: { main } },
	};
}

describe('the trigger in a real n8n', () => {
	it.each<[string, unknown]>([
		['outputs', ['session.completed', 'analysis.completed']],
		['outputs-text', `={{ '["session.completed", "analysis.completed"]' }}`],
		['outputs-lines', 'session.completed;\nanalysis.completed'],
	])('routes each simplified event to the output of its type: %s', async (id, events) => {
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
