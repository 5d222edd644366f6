import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { Stage } from '../../dev/testEnvironment/stage.mts';
import { setTestStage } from '../support/testStage.mts';
import { outputOf, type WorkflowImport } from '../../dev/lab/index.mts';
import { LAST_NODE, TRIGGER, workflowWith } from '../../dev/testEnvironment/workflow.mts';
import { dumpOnFailure } from './harness/dumpOnFailure.mts';

const TIMEOUT = { timeoutMs: 30_000 };
const SECOND = 'What arrived second';
let stage: Stage;

dumpOnFailure(() => stage);

beforeAll(async () => {
	stage = await setTestStage();
});
afterAll(async () => await stage?.close());

/** A workflow with a node behind each of the trigger's first two outputs. */
function withTwoOutputs(id: string, parameters: Record<string, unknown>): WorkflowImport {
	const workflow = workflowWith(id, parameters);
	const last = workflow.nodes[1]!;
	const main = [LAST_NODE, SECOND].map((node) => [{ node, type: 'main', index: 0 }]);
	return {
		...workflow,
		nodes: [...workflow.nodes, { ...last, id: `${id}-second`, name: SECOND }],
		connections: { [TRIGGER]: { main } },
	};
}

describe('the trigger in a real n8n', () => {
	it.each<[string, unknown]>([
		['outputs', ['session.completed', 'analysis.completed']],
		['outputs-text', `={{ '["session.completed", "analysis.completed"]' }}`],
		['outputs-lines', 'session.completed;\nanalysis.completed'],
	])('gives each event, simplified, to the output of its type: %s', async (id, events) => {
		const workflow = withTwoOutputs(id, {
			events,
			output: 'perEvent',
			options: { simplify: true, minimumConfidence: 0.5 },
		});
		await stage.n8n.workflows.import(workflow);
		await stage.n8n.workflows.publish(id);
		for (const [type, score] of [
			['session.completed', 0.4],
			['session.completed', 0.9],
			['analysis.completed', 0.8],
		] as const) {
			const { event } = stage.simulator.emit(type, { data: { confidence_score: score } });
			const { attempts } = await stage.simulator.waitForDelivery(event.id, TIMEOUT);
			expect(attempts).toMatchObject([{ status: 200 }]);
		}
		const ended = await stage.n8n.executions.waitFor({ workflowId: id, count: 2, ...TIMEOUT });
		const came = await Promise.all(
			ended.reverse().map(async (summary) => {
				const execution = await stage.n8n.executions.get(summary.id);
				return [LAST_NODE, SECOND].map((node) =>
					outputOf(execution, node).map(({ json }) => [json.eventType, json.confidence_score]),
				);
			}),
		);
		expect(came).toEqual([
			[[['session.completed', 0.9]], []],
			[[], [['analysis.completed', 0.8]]],
		]);
		await stage.n8n.workflows.unpublish(id);
	});
});
