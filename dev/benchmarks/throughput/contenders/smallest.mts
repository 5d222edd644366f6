import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { packPackage, type WorkflowNode } from '../../../lab/index.mts';
import { temporaryFolder } from '../../../lab/temporary.mts';
import { signedEvent } from '../../load.mts';
import { chain, type Group } from './contender.mts';

const NODE = `
class SmallestTrigger {
	description = {
		displayName: 'Smallest Trigger',
		name: 'smallestTrigger',
		group: ['trigger'],
		version: 1.1,
		description: 'Hands on what arrives',
		defaults: { name: 'Smallest Trigger' },
		inputs: [],
		outputs: ['main'],
		properties: [],
		credentials: [{ name: 'httpHeaderAuth' }],
		webhooks: [{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'smallest' }],
	};
	async webhook() {
		return { workflowData: [[{ json: this.getRequestObject().body }]] };
	}
}
exports.SmallestTrigger = SmallestTrigger;
`;

/**
 * A trigger that verifies nothing and remembers nothing: the floor that n8n sets. With a credential, of which n8n asks
 * its database at each execution, the floor is lower, although the node never reads it.
 */
export function smallestTrigger(n8nUrl: string): Group {
	const contender = (name: string, id: string, credentials?: WorkflowNode['credentials']) => ({
		name,
		workflow: chain(id, [
			{
				id: `${id}-trigger`,
				name: 'Smallest Trigger',
				type: 'n8n-nodes-smallest.smallestTrigger',
				typeVersion: 1.1,
				webhookId: `${id}-webhook`,
				parameters: {},
				...(credentials && { credentials }),
			},
		]),
		url: () => `${n8nUrl}/webhook/${id}-webhook/smallest`,
		delivery: (eventId: string) => signedEvent(eventId, 'not looked at'),
	});
	const credential = { id: 'smallest', name: 'Smallest' };
	const data = { name: 'X-Key', value: 'unused' };
	return {
		credentials: [{ ...credential, type: 'httpHeaderAuth', data }],
		contenders: [
			contender('smallest trigger', 'smallest'),
			contender('smallest with a credential', 'smallest-credential', {
				httpHeaderAuth: credential,
			}),
		],
	};
}

/** Its package, as a .tgz. */
export async function packSmallestTrigger(): Promise<string> {
	const folder = temporaryFolder();
	await mkdir(join(folder, 'dist'));
	await writeFile(join(folder, 'dist/SmallestTrigger.node.js'), NODE);
	const manifest = {
		name: 'n8n-nodes-smallest',
		version: '1.0.0',
		author: { name: 'Somebody', email: 'somebody@example.com' },
		files: ['dist'],
		n8n: { n8nNodesApiVersion: 1, nodes: ['dist/SmallestTrigger.node.js'], credentials: [] },
	};
	await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
	return await packPackage(folder);
}
