import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { packPackage, type WorkflowNode } from '../../../lab/index.mts';
import { createTemporaryFolder } from '../../../lab/temporaryFolder.mts';
import { createSignedEvent } from '../../load.mts';
import { createWorkflow, type CandidateGroup } from './candidate.mts';

const NODE = `
class BaselineTrigger {
	description = {
		displayName: 'Baseline Trigger',
		name: 'baselineTrigger',
		group: ['trigger'],
		version: 1.1,
		description: 'Passes on the request body',
		defaults: { name: 'Baseline Trigger' },
		inputs: [],
		outputs: ['main'],
		properties: [],
		credentials: [{ name: 'httpHeaderAuth' }],
		webhooks: [{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'baseline' }],
	};
	async webhook() {
		return { workflowData: [[{ json: this.getRequestObject().body }]] };
	}
}
exports.BaselineTrigger = BaselineTrigger;
`;

/**
 * The smallest possible trigger: it verifies nothing and stores nothing. n8n loads a credential from its database at
 * each execution even if the node does not read it. That is why there is a second one with a credential.
 */
export function createBaselineCandidates(n8nUrl: string): CandidateGroup {
	const createCandidate = (
		name: string,
		id: string,
		credentials?: WorkflowNode['credentials'],
	) => ({
		name,
		workflow: createWorkflow(id, [
			{
				id: `${id}-trigger`,
				name: 'Baseline Trigger',
				type: 'n8n-nodes-baseline.baselineTrigger',
				typeVersion: 1.1,
				webhookId: `${id}-webhook`,
				parameters: {},
				...(credentials && { credentials }),
			},
		]),
		url: () => `${n8nUrl}/webhook/${id}-webhook/baseline`,
		createDelivery: (eventId: string) => createSignedEvent(eventId, 'not verified'),
	});
	const credential = { id: 'baseline', name: 'Baseline' };
	const data = { name: 'X-Key', value: 'unused' };
	return {
		credentials: [{ ...credential, type: 'httpHeaderAuth', data }],
		candidates: [
			createCandidate('baseline', 'baseline'),
			createCandidate('baseline with a credential', 'baseline-credential', {
				httpHeaderAuth: credential,
			}),
		],
	};
}

/** Returns the path of a .tgz with the package of the trigger. */
export async function packBaselineTrigger(): Promise<string> {
	const folder = createTemporaryFolder();
	await mkdir(join(folder, 'dist'));
	await writeFile(join(folder, 'dist/BaselineTrigger.node.js'), NODE);
	const manifest = {
		name: 'n8n-nodes-baseline',
		version: '1.0.0',
		author: { name: 'Example', email: 'author@example.com' },
		files: ['dist'],
		n8n: { n8nNodesApiVersion: 1, nodes: ['dist/BaselineTrigger.node.js'], credentials: [] },
	};
	await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
	return await packPackage(folder);
}
