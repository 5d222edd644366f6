import { fileURLToPath } from 'node:url';

import { deleteFolder } from '../lab/childProcesses.mts';
import { freePorts } from '../lab/ports.mts';
import type { QueueMode } from '../lab/queue/queueMode.mts';
import { ServerProcess } from '../lab/queue/serverProcess.mts';
import { createTemporaryFolder } from '../lab/temporaryFolder.mts';
import { findProgram } from './documentedPrograms.mts';

const CADDYFILE = fileURLToPath(new URL('../../docker/Caddyfile', import.meta.url));

/** Caddy with docker/Caddyfile, without HTTPS. It exits with this process. */
export class DockerProxy {
	private constructor(
		readonly url: string,
		private readonly folder: string,
		private readonly server: ServerProcess,
	) {}

	/** Starts it in front of n8n. By default, the Caddyfile decides how to choose a webhook process. */
	static async start(
		{ main, webhookProcesses }: Pick<QueueMode, 'main' | 'webhookProcesses'>,
		policy?: string,
	): Promise<DockerProxy> {
		const [port = 0] = await freePorts(1);
		const url = `http://127.0.0.1:${port}`;
		const folder = createTemporaryFolder();
		const toAddress = (process: { url: string }) => `127.0.0.1:${new URL(process.url).port}`;
		const variables = {
			DOMAIN: `http://:${port}`,
			MAIN_PROCESS: toAddress(main),
			WEBHOOK_PROCESSES: webhookProcesses.map(toAddress).join(' '),
			...(policy !== undefined && { WEBHOOK_POLICY: policy }),
			XDG_CONFIG_HOME: folder,
			XDG_DATA_HOME: folder,
		};
		const env = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
		const run = ['run', '--adapter', 'caddyfile', '--config', CADDYFILE];
		const server = new ServerProcess({
			command: ['env', ...env, findProgram('caddy'), ...run],
			cwd: folder,
			stopSignal: 'SIGTERM',
			isReady: async () => await isListening(url),
		});
		await server.start();
		return new DockerProxy(url, folder, server);
	}

	async stop(): Promise<void> {
		await this.server.stop();
		deleteFolder(this.folder);
	}
}

async function isListening(url: string): Promise<boolean> {
	const response = await fetch(url).catch(() => undefined);
	await response?.body?.cancel();
	return response !== undefined;
}
