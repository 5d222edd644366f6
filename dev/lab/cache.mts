import { createHash } from 'node:crypto';
import { copyFile, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { runNpmCi } from './npm.mts';

/** The folder for all installations of n8n: `N8N_LAB_DIR`, or a folder in the user's cache. */
export function getCacheFolder(): string {
	const caches = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
	return process.env.N8N_LAB_DIR || join(caches, 'n8n-nodes-mindpeeker');
}

const MANIFESTS = ['package.json', 'package-lock.json'];

/** Changes with the package.json and the lockfile in a folder, and with the platform. */
export async function createCacheKey(folder: string): Promise<string> {
	const hash = createHash('sha256').update(process.platform).update(process.arch);
	for (const file of MANIFESTS) hash.update(await readFile(join(folder, file)));
	return hash.digest('hex').slice(0, 12);
}

/** Installs the lockfile of one folder into another. Rejects with a LabError. */
export async function installLockfile(source: string, target: string): Promise<void> {
	for (const file of MANIFESTS) await copyFile(join(source, file), join(target, file));
	await runNpmCi(target);
}
