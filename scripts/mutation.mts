// Changes the code in small ways and counts what the tests notice: `npm run test:mutation`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { installN8n } from '../lab/index.mts';

const ROOT = resolve(import.meta.dirname, '..');
const CONFIG = 'test/mutation/stryker.config.mjs';
const REPORT = resolve(ROOT, '.stryker/report.json');
const NOTICED_SO_FAR = resolve(ROOT, '.stryker/noticed.json');
const EQUIVALENT = resolve(ROOT, 'test/mutation/equivalent.json');
const LEAST_OVERALL = 90;
/** Of what every mutant that is not equivalent has to be noticed. */
const WITHOUT_FAULT = [
	/registration\//,
	/reception\//,
	/deduplication\//,
	/shared\/(address|event|nesting|signature)\.ts$/,
];

interface Position {
	line: number;
	column: number;
}
interface Mutant {
	mutatorName: string;
	replacement: string;
	status: string;
	location: { start: Position; end: Position };
}
type Report = Record<string, { source: string; mutants: Mutant[] }>;
/** A mutant that does the same as the code, so that no test can notice it. */
interface Equivalent {
	file: string;
	code: string;
	/** All of the line that the code begins in, where the same code stands in several. */
	line?: string;
	replacement: string;
	reason: string;
}
interface Tally {
	mutants: number;
	noticed: number;
	equivalent: number;
}

// What the unit tests notice need not be tried with those that start servers, which take ten times as long.
rmSync(NOTICED_SO_FAR, { force: true });
await mutate('unit/**/*');
forgetTheUnnoticed();
await mutate('{unit,contexts}/**/*');
const { files } = JSON.parse(readFileSync(REPORT, 'utf8')) as { files: Report };
process.exitCode = judge(files) ? 0 : 1;

async function mutate(tests: string): Promise<void> {
	const { nodeBinary } = await installN8n({ onProgress: console.error });
	const stryker = resolve(ROOT, 'node_modules/@stryker-mutator/core/bin/stryker.js');
	const incremental = ['--incremental', '--incrementalFile', NOTICED_SO_FAR];
	const child = spawn(
		nodeBinary,
		[stryker, 'run', CONFIG, ...incremental, ...process.argv.slice(2)],
		{
			cwd: ROOT,
			stdio: 'inherit',
			env: { ...process.env, MUTATION_TESTS: tests },
		},
	);
	const [code] = (await once(child, 'exit')) as [number | null];
	if (code !== 0) process.exit(1);
}

/** Stryker would take what runs when a module is loaded for tried already, and not try it with other tests. */
function forgetTheUnnoticed(): void {
	const report = JSON.parse(readFileSync(NOTICED_SO_FAR, 'utf8')) as { files: Report };
	for (const file of Object.values(report.files)) file.mutants = file.mutants.filter(isNoticed);
	writeFileSync(NOTICED_SO_FAR, JSON.stringify(report));
}

/** Prints what came of it, and says whether that is good enough. */
function judge(report: Report): boolean {
	const equivalents = JSON.parse(readFileSync(EQUIVALENT, 'utf8')) as Equivalent[];
	const gone = new Set(equivalents.filter(({ file }) => file in report));
	const table: Record<string, Tally> = {};
	for (const [file, { source, mutants }] of Object.entries(report)) {
		const row: Tally = (table[file] = { mutants: 0, noticed: 0, equivalent: 0 });
		for (const mutant of mutants.filter(({ status }) => wasTried(status))) {
			row.mutants++;
			const known = equivalents.find((one) => isSame(one, file, source, mutant));
			if (known) gone.delete(known);
			if (isNoticed(mutant)) row.noticed++;
			else if (known) row.equivalent++;
			else tellOf(file, source, mutant);
		}
	}
	console.table(table);
	const overall = scoreOf(Object.values(table));
	const strict = Object.keys(table).filter((file) => WITHOUT_FAULT.some((it) => it.test(file)));
	const ofStrict = scoreOf(strict.map((file) => table[file]!));
	console.log(`noticed: ${overall.toFixed(1)} % overall, ${ofStrict.toFixed(1)} % of what decides`);
	for (const { file, code } of gone) console.log(`no mutant is left of ${file}: ${code}`);
	return overall >= LEAST_OVERALL && ofStrict === 100 && gone.size === 0;
}

function wasTried(status: string): boolean {
	return ['Killed', 'Timeout', 'Survived', 'NoCoverage'].includes(status);
}

function isNoticed({ status }: Mutant): boolean {
	return status === 'Killed' || status === 'Timeout';
}

function isSame(one: Equivalent, file: string, source: string, mutant: Mutant): boolean {
	if (one.file !== file || one.replacement !== mutant.replacement) return false;
	const line = source.split('\n')[mutant.location.start.line - 1]!.trim();
	return one.code === textAt(source, mutant.location) && (one.line ?? line) === line;
}

function tellOf(file: string, source: string, mutant: Mutant): void {
	const { location, mutatorName, status, replacement } = mutant;
	const place = `${file}:${location.start.line} ${mutatorName} (${status})`;
	console.log(`${place}\n  ${textAt(source, location)}\n  → ${replacement}\n`);
}

/** In percent, without those that nothing could notice. */
function scoreOf(rows: Tally[]): number {
	const sum = (of: keyof Tally) => rows.reduce((total, row) => total + row[of], 0);
	return (100 * sum('noticed')) / (sum('mutants') - sum('equivalent'));
}

function textAt(source: string, { start, end }: Mutant['location']): string {
	const lines = source.split('\n').slice(start.line - 1, end.line);
	lines[lines.length - 1] = lines.at(-1)!.slice(0, end.column - 1);
	lines[0] = lines[0]!.slice(start.column - 1);
	return lines.join('\n');
}
