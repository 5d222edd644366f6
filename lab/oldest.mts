import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder, fingerprint, MANIFESTS } from './cache.mts';
import { madeOnce } from './madeOnce.mts';
import { npmInstall } from './npm.mts';

const SOURCES = fileURLToPath(new URL('oldest', import.meta.url));

/**
 * Gives the folder that holds the part of the oldest n8n that runs nodes: n8n-core and n8n-workflow.
 * Installs it where there is none yet, as `installN8n` does with the whole of a newer one.
 * Rejects with a LabError.
 */
export async function installOldest({
	onProgress = () => {},
}: { onProgress?: (line: string) => void } = {}): Promise<string> {
	return await madeOnce({
		cache: cacheFolder(),
		name: `oldest-${await fingerprint([SOURCES], [])}`,
		build: async (staging) => {
			onProgress(`Installing the oldest n8n-core into ${staging}, once`);
			for (const file of MANIFESTS) await copyFile(join(SOURCES, file), join(staging, file));
			await npmInstall({ cwd: staging, args: [] });
		},
		onWait: () => onProgress('Another process is installing the oldest n8n-core; waiting for it.'),
	});
}
