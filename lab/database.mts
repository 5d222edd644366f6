import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './run.mts';

const script = fileURLToPath(new URL('sql.cjs', import.meta.url));

/** n8n's SQLite database, read and changed from outside while n8n runs or not. */
export class Database {
	constructor(
		private readonly nodeBinary: string,
		private readonly userFolder: string,
	) {}

	/** Executes one statement and gives its rows. Rejects with a LabError where SQLite refuses it. */
	async query<Row = Record<string, unknown>>(statement: string): Promise<Row[]> {
		const lines = await run('The statement', {
			nodeBinary: this.nodeBinary,
			args: [
				'--disable-warning=ExperimentalWarning',
				script,
				join(this.userFolder, '.n8n/database.sqlite'),
				statement,
			],
			cwd: this.userFolder,
			env: process.env,
			onLine: () => {},
		});
		return JSON.parse(lines.join('')) as Row[];
	}

	/** How many rows each table has. */
	async rowCounts(): Promise<Record<string, number>> {
		const tables = await this.query<{ name: string }>(
			"SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
		);
		const counts = tables.map(
			({ name }) => `SELECT '${name}' AS name, count(*) AS rows FROM "${name}"`,
		);
		const rows = await this.query<{ name: string; rows: number }>(counts.join(' UNION ALL '));
		return Object.fromEntries(rows.map(({ name, rows: count }) => [name, count]));
	}
}
