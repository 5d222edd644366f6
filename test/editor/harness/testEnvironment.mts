import type { WorkflowImport } from '../../../dev/lab/index.mts';
import {
	createCredential,
	startEnvironment,
	type TestEnvironment,
} from '../../../dev/testEnvironment/testEnvironment.mts';
import { createTriggerWorkflow } from '../../../dev/testEnvironment/triggerWorkflow.mts';

const events = ['session.completed', 'analysis.completed'];
const PRODUCTION = { mindPeekerApi: { id: 'production', name: 'Production' } };

/** Starts the simulator, and n8n with the workflows of the editor tests. */
export async function startEditorEnvironment(): Promise<TestEnvironment> {
	const workflows = [
		createTriggerWorkflow('outputs', { events: ['*'], output: 'perEvent' }),
		...['listens', 'searched', 'credential'].map((id) => createTriggerWorkflow(id, { events })),
		...['action', 'trigger', 'icons'].map(createWorkflowWithBothNodes),
	];
	const environment = await startEnvironment({ n8n: { workflows } });
	const production = createCredential(environment.simulator, { environment: 'production' });
	await environment.n8n.credentials.import({ ...production, ...PRODUCTION.mindPeekerApi });
	await environment.n8n.workflows.import(
		createTriggerWorkflow('unreachable', { events }, PRODUCTION),
	);
	return environment;
}

function createWorkflowWithBothNodes(id: string): WorkflowImport {
	const workflow = createTriggerWorkflow(id, {});
	const [trigger, last] = workflow.nodes;
	const action = {
		...last!,
		name: 'MindPeeker',
		type: 'n8n-nodes-mindpeeker.mindPeeker',
		credentials: trigger?.credentials,
	};
	return { ...workflow, nodes: [trigger!, action], connections: {} };
}
