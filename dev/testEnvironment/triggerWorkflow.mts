import { CREDENTIAL } from './testEnvironment.mts';
import type { WorkflowImport } from '../lab/index.mts';

export const TRIGGER_NODE = 'MindPeeker Trigger';
export const RESULT_NODE = 'Result';
/** After the trigger's second output. */
export const SECOND_NODE = 'Second';

/** A workflow with the trigger and a node that receives its items. */
export function createTriggerWorkflow(
	id: string,
	parameters: Record<string, unknown>,
	credentials = CREDENTIAL,
): WorkflowImport & { id: string } {
	return {
		id,
		name: `Test ${id}`,
		nodes: [
			{
				id: `${id}-trigger`,
				name: TRIGGER_NODE,
				type: 'n8n-nodes-mindpeeker.mindPeekerTrigger',
				typeVersion: 1.1,
				position: [0, 0],
				webhookId: `${id}-webhook`,
				parameters,
				credentials,
			},
			{
				id: `${id}-last`,
				name: RESULT_NODE,
				type: 'n8n-nodes-base.noOp',
				typeVersion: 1,
				position: [240, 0],
				parameters: {},
			},
		],
		connections: { [TRIGGER_NODE]: { main: [[{ node: RESULT_NODE, type: 'main', index: 0 }]] } },
	};
}

/** A workflow with a node after each of the trigger's first two outputs. */
export function createTwoOutputWorkflow(
	id: string,
	parameters: Record<string, unknown>,
): WorkflowImport & { id: string } {
	const workflow = createTriggerWorkflow(id, parameters);
	const last = workflow.nodes[1]!;
	const main = [RESULT_NODE, SECOND_NODE].map((node) => [{ node, type: 'main', index: 0 }]);
	return {
		...workflow,
		nodes: [...workflow.nodes, { ...last, id: `${id}-second`, name: SECOND_NODE }],
		connections: { [TRIGGER_NODE]: { main } },
	};
}
