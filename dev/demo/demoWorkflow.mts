import type { WorkflowImport } from '../lab/index.mts';
import { CREDENTIAL } from '../testEnvironment/testEnvironment.mts';
import { TRIGGER_NODE } from '../testEnvironment/triggerWorkflow.mts';

export const MESSAGE_NODE = 'Message';

/** Creates a message from each event. */
export const demoWorkflow: WorkflowImport & { id: string } = {
	id: 'mindpeeker-demo',
	name: 'MindPeeker demo: a message for each event',
	nodes: [
		{
			id: 'mindpeeker-demo-trigger',
			name: TRIGGER_NODE,
			type: 'n8n-nodes-mindpeeker.mindPeekerTrigger',
			typeVersion: 1.1,
			position: [0, 0],
			webhookId: 'mindpeeker-demo',
			parameters: { events: ['*'] },
			credentials: CREDENTIAL,
		},
		{
			id: 'mindpeeker-demo-message',
			name: MESSAGE_NODE,
			type: 'n8n-nodes-base.set',
			typeVersion: 3.4,
			position: [240, 0],
			parameters: {
				assignments: {
					assignments: [
						{
							id: 'message',
							name: 'message',
							type: 'string',
							value:
								"={{ $json.type }}: {{ $json.data.target || $json.data.question || $json.data.status }}{{ $json.data.confidence_score ? ', confidence ' + $json.data.confidence_score : '' }}",
						},
					],
				},
			},
		},
	],
	connections: { [TRIGGER_NODE]: { main: [[{ node: MESSAGE_NODE, type: 'main', index: 0 }]] } },
};
