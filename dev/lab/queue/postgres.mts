import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { deleteFolder } from '../childProcesses.mts';
import { freePorts } from '../ports.mts';
import { createTemporaryFolder } from '../temporaryFolder.mts';
import { ServerProcess, runBinary } from './serverProcess.mts';
import { findProgram } from './findProgram.mts';

const USER = 'n8n';
const HOST = '127.0.0.1';
// PostgreSQL does not run as root. Debian's package creates this user.
const UNPRIVILEGED = ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups'];

/** A temporary PostgreSQL server on 127.0.0.1. `stop` deletes its data. */
export class Postgres {
	private constructor(
		readonly port: number,
		private readonly folder: string,
		private readonly server: ServerProcess,
	) {}

	static async start(): Promise<Postgres> {
		const [port = 0] = await freePorts(1);
		const folder = createTemporaryFolder();
		const data = join(folder, 'data');
		await mkdir(data);
		const asUser = process.getuid?.() === 0 ? UNPRIVILEGED : [];
		if (asUser.length > 0) await runBinary(['chown', '-R', 'postgres:postgres', folder], '/');
		const initdb = findProgram('initdb');
		const settings = ['--auth=trust', `--username=${USER}`, '--encoding=UTF8', '--no-sync'];
		await runBinary([...asUser, initdb, ...settings, '-D', data], folder);
		const listening = ['-h', HOST, '-p', String(port), '-k', ''];
		const server = new ServerProcess({
			command: [...asUser, findProgram('postgres'), '-D', data, ...listening],
			cwd: folder,
			stopSignal: 'SIGQUIT', // exits at once, without a checkpoint
			isReady: async () => await isReady(port, folder),
		});
		const postgres = new Postgres(port, folder, server);
		await server.start();
		return postgres;
	}

	get pid(): number | undefined {
		return this.server.pid;
	}

	/** Environment variables for n8n. */
	get env(): Record<string, string> {
		return {
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: HOST,
			DB_POSTGRESDB_PORT: String(this.port),
			DB_POSTGRESDB_DATABASE: 'postgres',
			DB_POSTGRESDB_USER: USER,
		};
	}

	/** Executes a SELECT and returns its rows. Rejects with a LabError if PostgreSQL reports an error. */
	async query<Row = Record<string, unknown>>(select: string): Promise<Row[]> {
		const connection = ['-h', HOST, '-p', String(this.port), '-U', USER, '-d', 'postgres'];
		const json = `SELECT coalesce(json_agg(row), '[]') FROM (${select}) AS row`;
		const command = [findProgram('psql'), ...connection, '-XAt', '-c', json];
		return JSON.parse((await runBinary(command, this.folder)).join('')) as Row[];
	}

	async stop(): Promise<void> {
		await this.server.stop();
		deleteFolder(this.folder);
	}
}

async function isReady(port: number, cwd: string): Promise<boolean> {
	const command = [findProgram('pg_isready'), '-h', HOST, '-p', String(port), '-q'];
	return await runBinary(command, cwd).then(
		() => true,
		() => false,
	);
}
