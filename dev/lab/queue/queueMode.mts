import { randomBytes } from 'node:crypto';
import { createInstallationEnv } from '../environment.mts';
import { N8nProcess } from '../n8nProcess.mts';
import { type N8n, type N8nOptions, startN8n } from '../n8n.mts';
import { deleteFolder } from '../childProcesses.mts';
import { installPackage } from '../installPackage.mts';
import { freePorts } from '../ports.mts';
import { createTemporaryFolder } from '../temporaryFolder.mts';
import { Postgres } from './postgres.mts';
import { Redis } from './redis.mts';

export interface QueueModeOptions extends Omit<N8nOptions, 'port' | 'userFolder' | 'onLog'> {
	webhookProcesses: number;
	workers: number;
}

/** A webhook process or a worker. */
export interface QueueProcess {
	readonly process: N8nProcess;
	/** The base URL of its readiness check. A webhook process also receives webhooks below it. */
	readonly url: string;
	readonly userFolder: string;
}

const QUEUE_MODE = {
	EXECUTIONS_MODE: 'queue',
	// Otherwise each process starts a child process for Code nodes.
	N8N_RUNNERS_MODE: 'external',
	N8N_RUNNERS_AUTH_TOKEN: 'lab',
};

/** n8n in queue mode on 127.0.0.1: main process, webhook processes, workers, PostgreSQL and Redis. */
export class QueueMode {
	postgres!: Postgres;
	redis!: Redis;
	/** Use `postgres` instead of its `database`. */
	main!: N8n;
	readonly webhookProcesses: QueueProcess[] = [];
	readonly workers: QueueProcess[] = [];

	private constructor() {}

	/**
	 * Starts all processes. They exit with this process. Rejects with a LabError, for example if PostgreSQL or Redis is
	 * not installed.
	 */
	static async start(options: QueueModeOptions): Promise<QueueMode> {
		const queueMode = new QueueMode();
		try {
			await queueMode.start(options);
			return queueMode;
		} catch (error) {
			await queueMode.stop();
			throw error;
		}
	}

	async stop(): Promise<void> {
		const processes = [...this.webhookProcesses, ...this.workers];
		await Promise.all(processes.map(async ({ process }) => await process.stop()));
		await this.main?.stop();
		await this.redis?.stop();
		await this.postgres?.stop();
		processes.forEach(({ userFolder }) => deleteFolder(userFolder));
	}

	private async start(options: QueueModeOptions): Promise<void> {
		this.postgres = await Postgres.start();
		this.redis = await Redis.start();
		const env = {
			...createInstallationEnv(options.installation),
			...QUEUE_MODE,
			...this.postgres.env,
			...this.redis.env,
			N8N_ENCRYPTION_KEY: randomBytes(24).toString('hex'),
			...options.env,
		};
		// It runs the database migrations, which the other processes rely on.
		this.main = await startN8n({ ...options, env });
		const add = async (command: 'webhook' | 'worker', to: QueueProcess[], count: number) => {
			for (let index = 0; index < count; index++)
				to.push(await createProcess(command, { ...options, env }));
		};
		await add('webhook', this.webhookProcesses, options.webhookProcesses);
		await add('worker', this.workers, options.workers);
		const processes = [...this.webhookProcesses, ...this.workers];
		await Promise.all(processes.map(async ({ process }) => await process.start()));
	}
}

/** The process is not started yet. */
async function createProcess(
	command: 'webhook' | 'worker',
	{ installation, packages = [], env = {} }: QueueModeOptions,
): Promise<QueueProcess> {
	const userFolder = createTemporaryFolder();
	for (const tarball of packages) await installPackage(tarball, userFolder, installation);
	const [main = 0, taskBroker = 0] = await freePorts(2);
	const ports = { main, taskBroker };
	const options = { ...installation, command, userFolder, ports, env, onLog: () => {} };
	return { process: new N8nProcess(options), url: `http://127.0.0.1:${main}`, userFolder };
}
