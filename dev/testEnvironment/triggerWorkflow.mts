import { CREDENTIAL } from './testEnvironment.mts';
import type { WorkflowImport } from '../lab/index.mts';

export const TRIGGER = 'MindPeeker Trigger';
export const LAST_NODE = 'Result';

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
				name: TRIGGER,
				type: 'n8n-nodes-mindpeeker.mindPeekerTrigger',
				typeVersion: 1.1,
				position: [0, 0],
				webhookId: `${id}-webhook`,
				parameters,
				credentials,
			},
			{
				id: `${id}-last`,
				name: LAST_NODE,
				type: 'n8n-nodes-base.noOp',
				typeVersion: 1,
				position: [240, 0],
				parameters: {},
			},
		],
		connections: { [TRIGGER]: { main: [[{ node: LAST_NODE, type: 'main', index: 0 }]] } },
	};
}
