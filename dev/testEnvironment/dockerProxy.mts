import { fileURLToPath } from 'node:url';

import { deleteFolder } from '../lab/childProcesses.mts';
import { freePorts } from '../lab/ports.mts';
import type { QueueMode } from '../lab/queue/queueMode.mts';
import type { ServerProcess } from '../lab/queue/serverProcess.mts';
import { createTemporaryFolder } from '../lab/temporaryFolder.mts';
import { findProgram } from './documentedPrograms.mts';
import { startProxyProcess } from './documentedProxy.mts';

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
		const env = {
			DOMAIN: `http://:${port}`,
			MAIN_PROCESS: toAddress(main),
			WEBHOOK_PROCESSES: webhookProcesses.map(toAddress).join(' '),
			...(policy !== undefined && { WEBHOOK_POLICY: policy }),
		};
		const run = ['run', '--adapter', 'caddyfile', '--config', CADDYFILE];
		const server = await startProxyProcess([findProgram('caddy'), ...run], url, folder, env);
		return new DockerProxy(url, folder, server);
	}

	async stop(): Promise<void> {
		await this.server.stop();
		deleteFolder(this.folder);
	}
}
