import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { packPackage } from '../../../lab/index.mts';
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
		webhooks: [{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'smallest' }],
	};
	async webhook() {
		return { workflowData: [[{ json: this.getRequestObject().body }]] };
	}
}
exports.SmallestTrigger = SmallestTrigger;
`;

/** A trigger that verifies nothing and remembers nothing: the floor that n8n sets. */
export function smallestTrigger(n8nUrl: string): Group {
	const trigger = {
		id: 'smallest-trigger',
		name: 'Smallest Trigger',
		type: 'n8n-nodes-smallest.smallestTrigger',
		typeVersion: 1.1,
		webhookId: 'smallest-webhook',
		parameters: {},
	};
	return {
		contenders: [
			{
				name: 'smallest trigger',
				workflow: chain('smallest', [trigger]),
				url: () => `${n8nUrl}/webhook/smallest-webhook/smallest`,
				delivery: (eventId) => signedEvent(eventId, 'not looked at'),
			},
		],
	};
}

/** Its package, as a .tgz. */
export async function packSmallestTrigger(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'smallest-trigger-'));
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
