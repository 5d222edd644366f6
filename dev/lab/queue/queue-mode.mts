import { randomBytes } from 'node:crypto';
import { compileCache } from '../environment.mts';
import { N8nProcess } from '../n8nProcess.mts';
import { type N8n, type N8nOptions, startN8n } from '../n8n.mts';
import { deleteOwned } from '../owned.mts';
import { installPackage } from '../package.mts';
import { freePorts } from '../ports.mts';
import { temporaryFolder } from '../temporary.mts';
import { Postgres } from './postgres.mts';
import { Redis } from './redis.mts';

export interface QueueModeOptions extends Omit<N8nOptions, 'port' | 'userFolder' | 'onLog'> {
	webhookProcesses: number;
	workers: number;
}

/** A webhook process or a worker. */
export interface Part {
	readonly process: N8nProcess;
	/** Where it says whether it is ready, and a webhook process takes deliveries. */
	readonly url: string;
	readonly userFolder: string;
}

const QUEUE_MODE = {
	EXECUTIONS_MODE: 'queue',
	// Otherwise each process starts one more, which runs Code nodes.
	N8N_RUNNERS_MODE: 'external',
	N8N_RUNNERS_AUTH_TOKEN: 'lab',
};

/** n8n in queue mode on 127.0.0.1: a main process, webhook processes and workers, with what they share. */
export class QueueMode {
	postgres!: Postgres;
	redis!: Redis;
	/** Its `database` is none here: `postgres` has all. */
	main!: N8n;
	readonly webhookProcesses: Part[] = [];
	readonly workers: Part[] = [];

	private constructor() {}

	/**
	 * Starts all of it. It ends with this process at the latest. Rejects with a LabError that says what to do, for
	 * example where PostgreSQL or Redis is missing.
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
		const parts = [...this.webhookProcesses, ...this.workers];
		await Promise.all(parts.map(async ({ process }) => await process.stop()));
		await this.main?.stop();
		await this.redis?.stop();
		await this.postgres?.stop();
		parts.forEach(({ userFolder }) => deleteOwned(userFolder));
	}

	private async start(options: QueueModeOptions): Promise<void> {
		this.postgres = await Postgres.start();
		this.redis = await Redis.start();
		const env = {
			...compileCache(options.installation.directory),
			...QUEUE_MODE,
			...this.postgres.env,
			...this.redis.env,
			N8N_ENCRYPTION_KEY: randomBytes(24).toString('hex'),
			...options.env,
		};
		// It brings the database up to date; the others must find it so.
		this.main = await startN8n({ ...options, env });
		const add = async (command: 'webhook' | 'worker', to: Part[], count: number) => {
			for (let index = 0; index < count; index++) to.push(await part(command, { ...options, env }));
		};
		await add('webhook', this.webhookProcesses, options.webhookProcesses);
		await add('worker', this.workers, options.workers);
		const parts = [...this.webhookProcesses, ...this.workers];
		await Promise.all(parts.map(async ({ process }) => await process.start()));
	}
}

/** Not yet started. */
async function part(
	command: 'webhook' | 'worker',
	{ installation, packages = [], env = {} }: QueueModeOptions,
): Promise<Part> {
	const userFolder = temporaryFolder();
	for (const tarball of packages) await installPackage(tarball, userFolder, installation);
	const [main = 0, taskBroker = 0] = await freePorts(2);
	const ports = { main, taskBroker };
	const options = { ...installation, command, userFolder, ports, env, onLog: () => {} };
	return { process: new N8nProcess(options), url: `http://127.0.0.1:${main}`, userFolder };
}
