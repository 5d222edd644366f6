import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { deleteOwned } from '../owned.mts';
import { freePorts } from '../ports.mts';
import { temporaryFolder } from '../temporary.mts';
import { Program, runProgram } from './program.mts';
import { programPath } from './programs.mts';

const USER = 'n8n';
const HOST = '127.0.0.1';
// PostgreSQL refuses to run as root; Debian's package brings this user.
const UNPRIVILEGED = ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups'];

/** A PostgreSQL of its own on 127.0.0.1, gone when it is stopped. */
export class Postgres {
	private constructor(
		readonly port: number,
		private readonly folder: string,
		private readonly server: Program,
	) {}

	static async start(): Promise<Postgres> {
		const [port = 0] = await freePorts(1);
		const folder = temporaryFolder();
		const data = join(folder, 'data');
		await mkdir(data);
		const own = process.getuid?.() === 0 ? UNPRIVILEGED : [];
		if (own.length > 0) await runProgram(['chown', '-R', 'postgres:postgres', folder], '/');
		const initdb = programPath('initdb');
		const settings = ['--auth=trust', `--username=${USER}`, '--encoding=UTF8', '--no-sync'];
		await runProgram([...own, initdb, ...settings, '-D', data], folder);
		const listening = ['-h', HOST, '-p', String(port), '-k', ''];
		const server = new Program({
			command: [...own, programPath('postgres'), '-D', data, ...listening],
			cwd: folder,
			stopSignal: 'SIGQUIT', // nothing of it is kept, so nothing need be written
			isReady: async () => await isReady(port, folder),
		});
		const postgres = new Postgres(port, folder, server);
		await server.start();
		return postgres;
	}

	get pid(): number | undefined {
		return this.server.pid;
	}

	/** What leads n8n here. */
	get env(): Record<string, string> {
		return {
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: HOST,
			DB_POSTGRESDB_PORT: String(this.port),
			DB_POSTGRESDB_DATABASE: 'postgres',
			DB_POSTGRESDB_USER: USER,
		};
	}

	/** Executes a SELECT and gives its rows. Rejects with a LabError where PostgreSQL refuses it. */
	async query<Row = Record<string, unknown>>(select: string): Promise<Row[]> {
		const place = ['-h', HOST, '-p', String(this.port), '-U', USER, '-d', 'postgres'];
		const json = `SELECT coalesce(json_agg(row), '[]') FROM (${select}) AS row`;
		const command = [programPath('psql'), ...place, '-XAt', '-c', json];
		return JSON.parse((await runProgram(command, this.folder)).join('')) as Row[];
	}

	async stop(): Promise<void> {
		await this.server.stop();
		deleteOwned(this.folder);
	}
}

async function isReady(port: number, cwd: string): Promise<boolean> {
	const command = [programPath('pg_isready'), '-h', HOST, '-p', String(port), '-q'];
	return await runProgram(command, cwd).then(
		() => true,
		() => false,
	);
}
