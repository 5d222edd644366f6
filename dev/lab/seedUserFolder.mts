import { cp, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { deleteFolder } from './childProcesses.mts';
import { createInstallationEnv } from './environment.mts';
import type { N8nInstallation } from './installN8n.mts';
import { N8nProcess } from './n8nProcess.mts';
import { freePorts } from './ports.mts';
import { OWNER, RestClient } from './restClient.mts';
import { createTemporaryFolder } from './temporaryFolder.mts';

/**
 * Starts n8n for the first time, creates its owner, and copies the user folder's files into `seedFolder`. Every later
 * n8n starts with a copy of them, without the migrations that take half of a first start.
 */
export async function seedUserFolder(installation: N8nInstallation): Promise<void> {
	const { seedFolder } = installation;
	const userFolder = createTemporaryFolder();
	try {
		const [main = 0, taskBroker = 0] = await freePorts(2);
		const env = createInstallationEnv(installation);
		const ports = { main, taskBroker };
		const n8n = new N8nProcess({ ...installation, userFolder, ports, env, onLog: () => {} });
		await n8n.start();
		await new RestClient(`http://127.0.0.1:${main}`, installation.release).setUpOwner(OWNER);
		await n8n.stop();
		await mkdir(seedFolder, { recursive: true });
		for (const file of await readdir(join(userFolder, '.n8n'))) {
			if (/^(config|database\.sqlite.*)$/.test(file))
				await cp(join(userFolder, '.n8n', file), join(seedFolder, file));
		}
	} finally {
		deleteFolder(userFolder);
	}
}
