import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { LabError, packPackage } from '../lab/index.mts';
import { cachedBuild } from '../lab/cachedBuild.mts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CACHE = join(ROOT, 'node_modules/.cache/n8n-nodes-mindpeeker');
const SOURCE_FOLDERS = ['credentials', 'nodes'];
const SOURCE_FILES = ['LICENSE', 'README.md', 'gulpfile.js', 'package.json', 'tsconfig.json'];

/**
 * Builds and packs this package and returns the path of the .tgz. It is built once for each state of its sources,
 * because a build empties `dist`, which other tests may be reading. Rejects with a LabError if the build fails.
 */
export async function buildPackage(onProgress: (line: string) => void = () => {}) {
	const build = async (folder: string) => {
		onProgress('Building and packing the package');
		await buildDist();
		await copyFile(await packPackage(ROOT), join(folder, 'package.tgz'));
	};
	const folder = join(CACHE, await hashSources());
	await cachedBuild({ folder, build });
	return join(folder, 'package.tgz');
}

async function hashSources(): Promise<string> {
	const hash = createHash('sha256');
	const inFolders = await Promise.all(SOURCE_FOLDERS.map(listFiles));
	for (const file of [...inFolders.flat().sort(), ...SOURCE_FILES]) {
		hash.update(`${file}\n`).update(await readFile(join(ROOT, file)));
	}
	return hash.digest('hex').slice(0, 16);
}

async function listFiles(folder: string): Promise<string[]> {
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
		throw new LabError(`The build failed:\n${stdout}${stderr}`);
	}
}
