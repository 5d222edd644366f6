import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NODE = `
class Probe {
	description = {
		displayName: 'Probe',
		name: 'probe',
		group: ['trigger'],
		version: [1, 2],
		description: 'Cannot be published, because its service returns errors',
		defaults: { name: 'Probe' },
		inputs: [],
		outputs: ['main'],
		properties: [],
		webhooks: [{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'probe' }],
	};
	webhookMethods = {
		default: {
			checkExists: async () => { throw new Error('The service said no'); },
			create: async () => true,
			delete: async () => true,
		},
	};
	webhook = async () => ({ workflowData: [[{ json: {} }]] });
}
exports.Probe = Probe;
`;

/** Writes a built package with a trigger that cannot be published. Returns its folder. */
export async function writeProbePackage(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'probe-package-'));
	await mkdir(join(folder, 'dist'));
	await writeFile(join(folder, 'dist/Probe.node.js'), NODE);
	const manifest = {
		name: 'n8n-nodes-probe',
		version: '1.2.3',
		author: { name: 'Author', email: 'author@example.com' },
		files: ['dist'],
		devDependencies: { 'not-needed': '1.0.0' },
		n8n: { n8nNodesApiVersion: 1, nodes: ['dist/Probe.node.js'], credentials: [] },
	};
	await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
	return folder;
}
