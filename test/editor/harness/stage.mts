import type { TestProject } from 'vitest/node';

import { credentialFor, setStage } from '../../../demo/stage.mts';
import type { N8n } from '../../../lab/index.mts';
import { workflowWith } from '../../e2e/harness/workflow.mts';
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
	const [trigger, last] = workflowWith('action', {}).nodes;
	const action = { ...last, name: 'MindPeeker', type: 'n8n-nodes-mindpeeker.mindPeeker' };
	const both = { ...workflowWith('both', {}), connections: {} };
	const workflows = [
		workflowWith('switchboard', { events, output: 'perEvent' }),
		workflowWith('listens', { events }),
		{ ...both, nodes: [trigger, { ...action, credentials: trigger?.credentials }] },
	];
	const { n8n, simulator, close } = await setStage({ n8n: { workflows: workflows as never } });
	const production = credentialFor(simulator, { environment: 'production' });
	await n8n.credentials.import({ ...production, ...PRODUCTION.mindPeekerApi });
	await n8n.workflows.import(workflowWith('unreachable', { events }, PRODUCTION));
	provide('surroundings', {
		n8n: { url: n8n.url, owner: n8n.owner },
		simulator: { baseUrl: simulator.baseUrl, apiKey: simulator.apiKey },
	});
	return close;
}
