import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type CredentialImport, Credentials } from './credentials.mts';
import { Database } from './database.mts';
import { compileCache } from './environment.mts';
import { RestError } from './errors.mts';
import { Executions } from './executions.mts';
import { exists } from './files.mts';
import type { N8nInstallation } from './installation.mts';
import { N8nProcess } from './n8nProcess.mts';
import { deleteOwned } from './owned.mts';
import { installPackage } from './package.mts';
import { assertPortIsFree, freePorts } from './ports.mts';
import { type Owner, OWNER, Rest } from './rest.mts';
import { sweepTemporaryFolders, temporaryFolder } from './temporary.mts';
import { type WorkflowImport, Workflows } from './workflows.mts';

export interface N8nOptions {
	installation: N8nInstallation;
	/** Paths of .tgz files to install as community packages. */
	packages?: string[];
	/** Where n8n listens on 127.0.0.1; a free port where missing. */
	port?: number;
	/** Whether n8n serves the editor; true where missing. Without it n8n starts 2 s sooner. */
	editor?: boolean;
	/** Environment variables for n8n. They win over the lab's. */
	env?: Record<string, string>;
	credentials?: CredentialImport[];
	workflows?: WorkflowImport[];
	/** Kept after `stop`. Where missing: a temporary folder, which is not. */
	userFolder?: string;
	/** Called for each line n8n writes. */
	onLog?: (line: string) => void;
}

/** A running n8n. */
export class N8n {
	/** n8n's owner, to log in at the editor. */
	readonly owner: Owner = OWNER;
	readonly credentials: Credentials;
	readonly workflows: Workflows;
	readonly executions: Executions;

	constructor(
		/** The editor's address; webhooks are below it. */
		readonly url: string,
		readonly userFolder: string,
		private readonly isThrowAway: boolean,
		private readonly process: N8nProcess,
		/** n8n's REST API with the owner logged in, for what has no method here. */
		readonly rest: Rest,
		/** What n8n keeps, where it keeps it in SQLite. */
		readonly database: Database,
	) {
		const lastLines = () => process.lastLines();
		this.credentials = new Credentials(rest);
		this.executions = new Executions(rest, lastLines);
		this.workflows = new Workflows(rest, url, this.credentials, this.executions, lastLines);
	}

	/** Each line n8n has written so far. */
	get log(): readonly string[] {
		return this.process.log;
	}

	/** n8n's process, which leads a process group of its own; undefined while none runs. */
	get pid(): number | undefined {
		return this.process.pid;
	}

	/** The file with the same lines, in the user folder. */
	get logFile(): string {
		return this.process.logFile;
	}

	/** Starts n8n again, in the same user folder, after `kill`. */
	async start(): Promise<void> {
		await this.process.start();
	}

	/** Ends n8n as an operator would, and starts it again. */
	async restart(): Promise<void> {
		await this.process.stop();
		await this.process.start();
	}

	/** Runs one of n8n's commands, such as `import:workflow`. Rejects with a LabError where it fails. */
	async command(...args: string[]): Promise<void> {
		await this.process.command(...args);
	}

	/** Ends n8n as a crash would. `start` starts it again. */
	async kill(): Promise<void> {
		await this.process.kill();
	}

	/** Ends n8n and deletes its user folder, unless that was given. */
	async stop(): Promise<void> {
		await this.process.stop();
		if (this.isThrowAway) deleteOwned(this.userFolder);
	}
}

/**
 * Starts n8n on 127.0.0.1 and gives it when it serves, with its owner created, packages installed,
 * and credentials and workflows imported. It ends with this process at the latest.
 * Rejects with a LabError, n8n's last lines in it, where it can't be started.
 */
export async function startN8n(options: N8nOptions): Promise<N8n> {
	await sweepTemporaryFolders();
	if (options.port !== undefined) await assertPortIsFree(options.port);
	const userFolder = options.userFolder ?? temporaryFolder();
	const [freePort = 0, taskBroker = 0] = await freePorts(2);
	const ports = { main: options.port ?? freePort, taskBroker };
	const { onLog = () => {}, installation } = options;
	const env = {
		...compileCache(installation.directory),
		...(options.editor === false && { N8N_DISABLE_UI: 'true' }),
		...options.env,
	};
	await mkdir(userFolder, { recursive: true });
	const n8nProcess = new N8nProcess({ ...installation, userFolder, ports, env, onLog });
	const url = `http://localhost:${ports.main}`;
	const rest = new Rest(`http://127.0.0.1:${ports.main}`);
	const database = new Database(installation.nodeBinary, userFolder);
	const isThrowAway = options.userFolder === undefined;
	const n8n = new N8n(url, userFolder, isThrowAway, n8nProcess, rest, database);
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
	const bringsItsOwn = 'DB_TYPE' in env || 'N8N_ENCRYPTION_KEY' in env;
	if (!bringsItsOwn && !(await exists(folder))) {
		await cp(installation.firstStart, folder, { recursive: true });
	}
	for (const tarball of packages) await installPackage(tarball, userFolder, installation);
}

async function logIn(rest: Rest): Promise<void> {
	try {
		await rest.logIn(OWNER);
	} catch (error) {
		if (!(error instanceof RestError)) throw error;
		await rest.setUpOwner(OWNER); // a user folder that n8n has just filled
	}
}
