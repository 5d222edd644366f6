import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder, fingerprint, MANIFESTS } from './cache.mts';
import { madeOnce } from './madeOnce.mts';
import { npmInstall } from './npm.mts';

const SOURCES = fileURLToPath(new URL('minimum-n8n', import.meta.url));

/** The folder that `installMinimumN8n` installs into. */
export async function minimumN8nFolder(): Promise<string> {
	return join(cacheFolder(), `minimum-n8n-${await fingerprint([SOURCES], [])}`);
}

/**
 * Returns the folder with n8n-core and n8n-workflow of the oldest supported n8n, and installs them
 * there first if they are missing. Rejects with a LabError.
 */
export async function installMinimumN8n({
	onProgress = () => {},
}: { onProgress?: (line: string) => void } = {}): Promise<string> {
	return await madeOnce({
		folder: await minimumN8nFolder(),
		build: async (staging) => {
			onProgress(`Installing the minimum version of n8n-core into ${staging}, once`);
			for (const file of MANIFESTS) await copyFile(join(SOURCES, file), join(staging, file));
			await npmInstall({ cwd: staging, args: [] });
		},
		onWait: () =>
			onProgress('Another process is installing the minimum version of n8n-core; waiting for it.'),
	});
}
