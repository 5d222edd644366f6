import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runScript } from './runScript.mts';

const RUN_SQL = fileURLToPath(new URL('runSql.cjs', import.meta.url));
const MAX_COLUMNS = 500; // SQLite allows 2,000 in one statement

/** n8n's SQLite database. It can be read and changed whether or not n8n runs. */
export class Database {
	constructor(
		private readonly nodeBinary: string,
		private readonly userFolder: string,
	) {}

	/** Executes one statement and returns its rows. Rejects with a LabError if SQLite reports an error. */
	async query<Row = Record<string, unknown>>(statement: string): Promise<Row[]> {
		const lines = await runScript('The SQL statement', {
			nodeBinary: this.nodeBinary,
			args: [
				'--disable-warning=ExperimentalWarning',
				RUN_SQL,
				join(this.userFolder, '.n8n/database.sqlite'),
				statement,
			],
			cwd: this.userFolder,
			env: process.env,
		});
		return JSON.parse(lines.join('')) as Row[];
	}

	/** The columns, such as `user.email`, that contain a text. */
	async find(text: string): Promise<string[]> {
		const columns = await this.query<{ table: string; column: string }>(
			`SELECT entry.name AS "table", info.name AS "column"
			FROM sqlite_master AS entry JOIN pragma_table_info(entry.name) AS info
			WHERE entry.type = 'table' AND entry.name NOT LIKE 'sqlite_%'`,
		);
		const literal = `'${text.replaceAll("'", "''")}'`;
		const counts = columns.map(
			({ table, column }) =>
				`(SELECT count(*) FROM "${table}" WHERE instr(CAST("${column}" AS TEXT), ${literal})) AS "${table}.${column}"`,
		);
		const found: string[] = [];
		for (let start = 0; start < counts.length; start += MAX_COLUMNS) {
			const part = counts.slice(start, start + MAX_COLUMNS);
			const [row = {}] = await this.query<Record<string, number>>(`SELECT ${part.join(', ')}`);
			found.push(...Object.keys(row).filter((column) => row[column]! > 0));
		}
		return found;
	}

	/** The number of rows by table. */
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
