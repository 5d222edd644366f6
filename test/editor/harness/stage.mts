import type { WorkflowImport } from '../../../dev/lab/index.mts';
import { credentialFor, setStage, type Stage } from '../../../dev/testEnvironment/stage.mts';
import { workflowWith } from '../../../dev/testEnvironment/workflow.mts';

const events = ['session.completed', 'analysis.completed'];
const PRODUCTION = { mindPeekerApi: { id: 'production', name: 'Production' } };

/** An n8n with one workflow for each part of the tests, and the simulator. */
export async function startStage(): Promise<Stage> {
	const workflows = [
		workflowWith('switchboard', { events, output: 'perEvent' }),
		...['listens', 'searched', 'credential'].map((id) => workflowWith(id, { events })),
		...['action', 'trigger', 'icons'].map(withBothNodes),
	];
	const stage = await setStage({ n8n: { workflows } });
	const production = credentialFor(stage.simulator, { environment: 'production' });
	await stage.n8n.credentials.import({ ...production, ...PRODUCTION.mindPeekerApi });
	await stage.n8n.workflows.import(workflowWith('unreachable', { events }, PRODUCTION));
	return stage;
}

function withBothNodes(id: string): WorkflowImport {
	const workflow = workflowWith(id, {});
	const [trigger, last] = workflow.nodes;
	const action = {
		...last!,
		name: 'MindPeeker',
		type: 'n8n-nodes-mindpeeker.mindPeeker',
		credentials: trigger?.credentials,
	};
	return { ...workflow, nodes: [trigger!, action], connections: {} };
}
