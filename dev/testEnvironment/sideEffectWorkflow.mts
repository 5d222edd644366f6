import type { WorkflowImport } from '../lab/index.mts';
import { RESULT_NODE, createTriggerWorkflow } from './triggerWorkflow.mts';

/** A workflow that sends a request to a SideEffectServer for each event. */
export function createSideEffectWorkflow(
	id: string,
	parameters: Record<string, unknown>,
	url: string,
): WorkflowImport {
	const workflow = createTriggerWorkflow(id, parameters);
	const [trigger, last] = workflow.nodes;
	const httpRequest = {
		...last!,
		name: RESULT_NODE,
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.2,
		parameters: {
			method: 'POST',
			url,
			sendBody: true,
			specifyBody: 'json',
			jsonBody: '={{ JSON.stringify({ event: $json.id, execution: $execution.id }) }}',
		},
	};
	return { ...workflow, nodes: [trigger!, httpRequest] };
}
