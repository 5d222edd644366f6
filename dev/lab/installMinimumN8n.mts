import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getCacheFolder, createCacheKey, installLockfile } from './cache.mts';
import { cachedBuild } from './cachedBuild.mts';

const SOURCE = fileURLToPath(new URL('minimum-n8n', import.meta.url));

/** The folder that `installMinimumN8n` installs into. */
export async function getMinimumN8nFolder(): Promise<string> {
	return join(getCacheFolder(), `minimum-n8n-${await createCacheKey(SOURCE)}`);
}

/**
 * Installs n8n-core and n8n-workflow of the minimum n8n version, if they are missing, and returns their folder.
 * Rejects with a LabError.
 */
export async function installMinimumN8n({
	onProgress = () => {},
}: { onProgress?: (line: string) => void } = {}): Promise<string> {
	return await cachedBuild({
		folder: await getMinimumN8nFolder(),
		build: async (staging) => {
			onProgress(`Installing the minimum version of n8n-core into ${getCacheFolder()}, once`);
			await installLockfile(SOURCE, staging);
		},
		onWait: () => onProgress('Another process is installing n8n-core. Waiting for it.'),
	});
}
