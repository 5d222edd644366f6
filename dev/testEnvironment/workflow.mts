import { CREDENTIAL } from './stage.mts';
import type { WorkflowImport } from '../lab/index.mts';

export const TRIGGER = 'MindPeeker Trigger';
export const LAST_NODE = 'What arrived';

/** A workflow whose last node shows what the trigger gave it. */
export function workflowWith(
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
