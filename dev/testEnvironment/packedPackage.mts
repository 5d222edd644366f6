import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { LabError, packPackage } from '../lab/index.mts';
import { madeOnce } from '../lab/madeOnce.mts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CACHE = join(ROOT, 'node_modules/.cache/n8n-nodes-mindpeeker');
const SOURCE_FOLDERS = ['credentials', 'icons', 'nodes'];
const SOURCE_FILES = ['LICENSE', 'README.md', 'gulpfile.js', 'package.json', 'tsconfig.json'];

/**
 * Gives the path of this package as for publication, a .tgz. It is built once for each state of its sources, for tests
 * that run beside each other must not empty `dist` under one another. Rejects with a LabError where it does not build.
 */
export async function packedPackage(onProgress: (line: string) => void = () => {}) {
	const build = async (folder: string) => {
		onProgress('Building and packing the package');
		await buildDist();
		await copyFile(await packPackage(ROOT), join(folder, 'package.tgz'));
	};
	const folder = join(CACHE, await digestOfSources());
	await madeOnce({ folder, build, onWait: () => {} });
	return join(folder, 'package.tgz');
}

async function digestOfSources(): Promise<string> {
	const hash = createHash('sha256');
	const inFolders = await Promise.all(SOURCE_FOLDERS.map(filesIn));
	for (const file of [...inFolders.flat().sort(), ...SOURCE_FILES]) {
		hash.update(`${file}\n`).update(await readFile(join(ROOT, file)));
	}
	return hash.digest('hex').slice(0, 16);
}

async function filesIn(folder: string): Promise<string[]> {
	const entries = await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true });
	const files = entries.filter((entry) => entry.isFile());
	return files.map(({ parentPath, name }) => relative(ROOT, join(parentPath, name)));
}

async function buildDist(): Promise<void> {
	try {
		await promisify(execFile)('npm', ['run', '--silent', 'build'], {
			cwd: ROOT,
			shell: process.platform === 'win32',
		});
	} catch (error) {
		const { stdout, stderr } = error as { stdout: string; stderr: string };
		throw new LabError(`The package does not build:\n${stdout}${stderr}`);
	}
}
