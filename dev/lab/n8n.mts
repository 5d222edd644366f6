import { existsSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type CredentialImport, Credentials } from './credentials.mts';
import { Database } from './database.mts';
import { createInstallationEnv } from './environment.mts';
import { RestError } from './errors.mts';
import { Executions } from './executions.mts';
import type { N8nInstallation } from './installN8n.mts';
import { N8nProcess } from './n8nProcess.mts';
import { deleteFolder } from './childProcesses.mts';
import { installPackage } from './installPackage.mts';
import { assertPortIsFree, freePorts } from './ports.mts';
import { type Owner, OWNER, RestClient } from './restClient.mts';
import { deleteStaleFolders, createTemporaryFolder } from './temporaryFolder.mts';
import { type WorkflowImport, Workflows } from './workflows.mts';

export interface N8nOptions {
	installation: N8nInstallation;
	/** Paths of .tgz files to install as community packages. */
	packages?: string[];
	/** The port on 127.0.0.1. Default: a free one. */
	port?: number;
	/** Whether n8n serves the editor. Default: true. Without it, n8n starts 2 s faster. */
	editor?: boolean;
	/** Environment variables. They override the lab's. */
	env?: Record<string, string>;
	credentials?: CredentialImport[];
	workflows?: WorkflowImport[];
	/** Kept after `stop`. Default: a temporary folder, which is deleted. */
	userFolder?: string;
	/** Called for each line of n8n's log. */
	onLog?: (line: string) => void;
}

/** A running n8n. */
export class N8n {
	/** The owner's login for the editor. */
	readonly owner: Owner = OWNER;
	readonly credentials: Credentials;
	readonly workflows: Workflows;
	readonly executions: Executions;

	constructor(
		/** The URL of the editor and the base URL of webhooks. */
		readonly url: string,
		readonly userFolder: string,
		private readonly isTemporary: boolean,
		private readonly process: N8nProcess,
		/** n8n's REST API, with the owner signed in. */
		readonly rest: RestClient,
		/** Not available in queue mode, which uses PostgreSQL. */
		readonly database: Database,
	) {
		const lastLines = () => process.lastLines();
		this.credentials = new Credentials(rest);
		this.executions = new Executions(rest, lastLines);
		this.workflows = new Workflows(rest, url, this.credentials, this.executions, lastLines);
	}

	/** All lines of n8n's log. */
	get log(): readonly string[] {
		return this.process.log;
	}

	/** The process, which leads its own process group. Undefined if n8n is not running. */
	get pid(): number | undefined {
		return this.process.pid;
	}

	/** The log, as a file in the user folder. */
	get logFile(): string {
		return this.process.logFile;
	}

	/** Starts n8n again after `kill`, with the same user folder. */
	async start(): Promise<void> {
		await this.process.start();
	}

	/** Stops n8n with SIGTERM and starts it again. `env` overrides environment variables until the next start. */
	async restart(env?: Record<string, string>): Promise<void> {
		await this.process.stop();
		await this.process.start(env);
	}

	/** Runs a command of n8n's CLI, such as `import:workflow`. Rejects with a LabError if it fails. */
	async command(...args: string[]): Promise<void> {
		await this.process.command(...args);
	}

	/** Kills n8n with SIGKILL. */
	async kill(): Promise<void> {
		await this.process.kill();
	}

	/** Stops n8n and deletes its temporary user folder. */
	async stop(): Promise<void> {
		await this.process.stop();
		if (this.isTemporary) deleteFolder(this.userFolder);
	}
}

/**
 * Starts n8n on 127.0.0.1, with an owner, packages, credentials and workflows, and waits until it is ready. It exits
 * with this process. Rejects with a LabError that contains the end of n8n's log.
 */
export async function startN8n(options: N8nOptions): Promise<N8n> {
	await deleteStaleFolders();
	if (options.port !== undefined) await assertPortIsFree(options.port);
	const userFolder = options.userFolder ?? createTemporaryFolder();
	const [freePort = 0, taskBroker = 0] = await freePorts(2);
	const ports = { main: options.port ?? freePort, taskBroker };
	const { onLog = () => {}, installation } = options;
	const env = {
		...createInstallationEnv(installation),
		...(options.editor === false && { N8N_DISABLE_UI: 'true' }),
		...options.env,
	};
	await mkdir(userFolder, { recursive: true });
	const n8nProcess = new N8nProcess({ ...installation, userFolder, ports, env, onLog });
	const url = `http://localhost:${ports.main}`;
	const rest = new RestClient(`http://127.0.0.1:${ports.main}`, installation.release);
	const database = new Database(installation.nodeBinary, userFolder);
	const isTemporary = options.userFolder === undefined;
	const n8n = new N8n(url, userFolder, isTemporary, n8nProcess, rest, database);
	try {
		await prepare(options, userFolder);
		await n8n.start();
		await logIn(rest);
		await n8n.credentials.import(...(options.credentials ?? []));
		await n8n.workflows.import(...(options.workflows ?? []));
		return n8n;
	} catch (error) {
		await n8n.stop();
		throw error;
	}
}

async function prepare({ installation, packages = [], env = {} }: N8nOptions, userFolder: string) {
	const folder = join(userFolder, '.n8n');
	const hasOwnDatabase = 'DB_TYPE' in env || 'N8N_ENCRYPTION_KEY' in env;
	if (!hasOwnDatabase && !existsSync(folder)) {
		await cp(installation.seedFolder, folder, { recursive: true });
	}
	for (const tarball of packages) await installPackage(tarball, userFolder, installation);
}

async function logIn(rest: RestClient): Promise<void> {
	try {
		await rest.logIn(OWNER);
	} catch (error) {
		if (!(error instanceof RestError)) throw error;
		await rest.setUpOwner(OWNER); // the database is new
	}
}
