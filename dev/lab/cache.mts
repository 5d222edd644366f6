import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where the lab keeps what it installs. */
export function cacheFolder(): string {
	const caches = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
	return process.env.N8N_LAB_DIR || join(caches, 'n8n-nodes-mindpeeker');
}

/** Files by which npm installs. */
export const MANIFESTS = ['package.json', 'package-lock.json'];

/** Changes with everything that decides what gets installed from these folders. */
export async function fingerprint(folders: string[], circumstances: string[]): Promise<string> {
	const hash = createHash('sha256');
	for (const circumstance of circumstances) hash.update(circumstance);
	for (const folder of folders) {
		for (const file of MANIFESTS) hash.update(await readFile(join(folder, file)));
	}
	return hash.update(process.arch).digest('hex').slice(0, 12);
}
