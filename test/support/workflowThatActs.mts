import type { WorkflowImport } from '../../dev/lab/index.mts';
import { LAST_NODE, workflowWith } from '../../dev/testEnvironment/workflow.mts';

/** Behind its trigger a workflow that tells the world outside of each event. */
export function workflowThatActs(
	id: string,
	parameters: Record<string, unknown>,
	url: string,
): WorkflowImport {
	const workflow = workflowWith(id, parameters);
	const [trigger, last] = workflow.nodes;
	const act = {
		...last!,
		name: LAST_NODE,
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
	return { ...workflow, nodes: [trigger!, act] };
}
