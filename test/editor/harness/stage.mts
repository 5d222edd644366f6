import type { TestProject } from 'vitest/node';

import { credentialFor, setStage } from '../../../stage/stage.mts';
import type { N8n, WorkflowImport } from '../../../lab/index.mts';
import { workflowWith } from '../../../stage/workflow.mts';
import { missingBrowser } from '../../support/browser.mts';

/** What all files of these tests share: one n8n, and the simulator that its credential leads to. */
export interface Surroundings {
	n8n: Pick<N8n, 'url' | 'owner'>;
	simulator: { baseUrl: string; apiKey: string };
}
declare module 'vitest' {
	interface ProvidedContext {
		surroundings: Surroundings;
	}
}

const events = ['session.completed', 'analysis.completed'];
const PRODUCTION = { mindPeekerApi: { id: 'production', name: 'Production' } };

export default async function setUp({ provide }: TestProject) {
	if (missingBrowser) return;
	// n8n lets one browser at a time change a workflow, and one that is gone for minutes yet: hence one for each file.
	const workflows = [
		workflowWith('switchboard', { events, output: 'perEvent' }),
		...['listens', 'searched', 'credential'].map((id) => workflowWith(id, { events })),
		...['action', 'trigger', 'icons'].map(withBothNodes),
	];
	const { n8n, simulator, close } = await setStage({ n8n: { workflows } });
	const production = credentialFor(simulator, { environment: 'production' });
	await n8n.credentials.import({ ...production, ...PRODUCTION.mindPeekerApi });
	await n8n.workflows.import(workflowWith('unreachable', { events }, PRODUCTION));
	provide('surroundings', {
		n8n: { url: n8n.url, owner: n8n.owner },
		simulator: { baseUrl: simulator.baseUrl, apiKey: simulator.apiKey },
	});
	return close;
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
