import {
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PackageDirectoryLoader } from 'n8n-core';

import { buildPackage } from '../../dev/testEnvironment/buildPackage.mts';
import { NpmRegistry } from '../support/npmRegistry.mts';
import { runProgram } from './harness/runProgram.mts';

const NAME = 'n8n-nodes-mindpeeker';
const SCRIPT = 'install-package.sh';
const [, download = ''] =
	/^RUN ([^]*?[^\\])\n/m.exec(readFileSync('docker/Dockerfile', 'utf8')) ?? [];
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const folder = mkdtempSync(join(tmpdir(), 'mindpeeker-image-'));
const image = join(folder, 'opt');
const home = join(folder, 'home');
const installed = join(home, '.n8n/nodes/node_modules', NAME);
const registry = new NpmRegistry();
let checksum: string;

beforeAll(async () => {
	await registry.start();
	checksum = await registry.publish(await buildPackage());
	mkdirSync(image);
});
afterAll(async () => {
	await registry.stop();
	rmSync(folder, { recursive: true, force: true });
});

describe('the image', () => {
	const runDownload = async (expected: string) => {
		const variables = { MINDPEEKER_VERSION: version, MINDPEEKER_CHECKSUM: expected };
		await runProgram('sh', ['-c', download], { ...registry.env, ...variables }, image);
	};

	it('is not built with a package whose checksum differs', async () => {
		await expect(runDownload(`sha512-${'A'.repeat(86)}==`)).rejects.toThrow();
		expect(existsSync(join(image, NAME))).toBe(false);
		rmSync(image, { recursive: true });
		mkdirSync(image);
	});

	it('starts n8n with its package, which replaces another version in the volume', async () => {
		await runDownload(checksum);
		cpSync(join('docker', SCRIPT), join(image, SCRIPT));
		mkdirSync(installed, { recursive: true });
		writeFileSync(join(installed, 'stale.js'), '');
		const command = ['sh', '-c', 'echo "$0 $1"', '/docker-entrypoint.sh', 'worker'];
		const printed = await runProgram('sh', [join(image, SCRIPT), ...command], {
			HOME: home,
			N8N_USER_FOLDER: '',
		});
		expect(printed).toBe('/docker-entrypoint.sh worker\n');
		expect(existsSync(join(installed, 'stale.js'))).toBe(false);
		const loader = new PackageDirectoryLoader(installed);
		await loader.loadAll();
		expect(Object.keys(loader.known.nodes)).toEqual(['mindPeeker', 'mindPeekerTrigger']);
	});
});
