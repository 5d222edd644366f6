import { cp, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { compileCache } from './environment.mts';
import type { N8nBinaries } from './installation.mts';
import { N8nProcess } from './n8nProcess.mts';
import { freePorts } from './ports.mts';
import { OWNER, Rest } from './rest.mts';
import { deleteOwned } from './owned.mts';
import { temporaryFolder } from './temporary.mts';

/**
 * Starts n8n for the first time, creates its owner, and keeps the user folder that comes of it: all
 * of n8n's migrations have run there, which takes half of a first start. Proves that n8n runs, too.
 */
export async function keepFirstStart(
	binaries: N8nBinaries,
	directory: string,
	folder: string,
): Promise<void> {
	const userFolder = temporaryFolder();
	try {
		const [main = 0, taskBroker = 0] = await freePorts(2);
		const env = compileCache(directory);
		const ports = { main, taskBroker };
		const n8n = new N8nProcess({ ...binaries, userFolder, ports, env, onLog: () => {} });
		await n8n.start();
		await new Rest(`http://127.0.0.1:${main}`).setUpOwner(OWNER);
		await n8n.stop();
		const made = join(userFolder, '.n8n');
		await mkdir(folder, { recursive: true });
		for (const file of await readdir(made)) {
			if (/^(config|database\.sqlite.*)$/.test(file))
				await cp(join(made, file), join(folder, file));
		}
	} finally {
		deleteOwned(userFolder);
	}
}
