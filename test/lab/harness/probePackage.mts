import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SOURCE = `
export class Probe {
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
`;
const TSCONFIG = {
	compilerOptions: { module: 'commonjs', target: 'es2022', types: [], outDir: 'dist' },
	include: ['Probe.node.ts'],
};

/** Writes a package with a trigger that cannot be published, and its source. Returns its folder. */
export async function writeProbePackage(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'probe-package-'));
	await mkdir(join(folder, 'dist'));
	await writeFile(join(folder, 'Probe.node.ts'), SOURCE);
	await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG));
	const compiled = SOURCE.replace('export class Probe', 'exports.Probe = class Probe');
	await writeFile(join(folder, 'dist/Probe.node.js'), compiled);
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
