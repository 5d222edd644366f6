// Changes the code in small ways and counts what the tests notice: `npm run mutation`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { installN8n } from '../lab/index.mts';

const ROOT = resolve(import.meta.dirname, '..');
const CONFIG = 'test/mutation/stryker.config.mjs';
/** What came of each mutant so far; Stryker goes on with it. */
const REPORT = resolve(ROOT, '.stryker/report.json');
const EQUIVALENT = resolve(ROOT, 'test/mutation/equivalent.json');
const LEAST_OVERALL = 90;
/** Of what every mutant that is not equivalent has to be noticed. */
const WITHOUT_FAULT = [
	/registration\//,
	/reception\//,
	/deduplication\//,
	/shared\/(address|event|nesting|signature)\.ts$/,
];

/** The tests of the contexts that are about a part of the code; most of them would run for nothing elsewhere. */
const GROUPS = [
	{
		code: ['nodes/MindPeekerTrigger/registration/*.ts', 'nodes/shared/registration/*.ts'],
		tests: '{registration,faultsOfTheApi,shapesOfAnswers,journal,reception}',
	},
	{
		code: ['nodes/MindPeekerTrigger/reception/*.ts', 'nodes/MindPeekerTrigger/deduplication/*.ts'],
		tests: '{deduplication,batches,durableRecord,acknowledge,reception,journal,badRequests}',
	},
	{
		code: ['nodes/shared/*.ts'],
		tests:
			'{hostileService,faultsOfTheApi,shapesOfAnswers,registration,node/{answers,create,webhook,inputs,execution}}',
	},
	{
		code: [
			'nodes/MindPeeker/resources/*.ts',
			'nodes/MindPeeker/resources/webhook/*.ts',
			'nodes/MindPeeker/resources/event/*.ts',
		],
		tests: 'node/{answers,create,webhook,upsert,inputs,event}',
	},
	{
		code: [
			'nodes/MindPeeker/resources/session/*.ts',
			'nodes/MindPeeker/resources/account/*.ts',
			'nodes/MindPeeker/resources/analysis/*.ts',
			'nodes/MindPeeker/execution/*.ts',
		],
		tests: 'node/{answers,operations,platform,inputs,execution}',
	},
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
rmSync(REPORT, { force: true });
await mutate({ tests: 'unit/**/*' });
forgetTheUnnoticed();
for (const group of GROUPS)
	await mutate({ ...group, tests: `{unit/**/*,contexts/${group.tests}}` });
process.exitCode = judge(readReport().files) ? 0 : 1;

function readReport(): { files: Report } {
	return JSON.parse(readFileSync(REPORT, 'utf8')) as { files: Report };
}

async function mutate({ tests, code }: { tests: string; code?: string[] }): Promise<void> {
	const { nodeBinary } = await installN8n({ onProgress: console.error });
	const stryker = resolve(ROOT, 'node_modules/@stryker-mutator/core/bin/stryker.js');
	const scope = code ? ['--mutate', code.join()] : [];
	const args = [stryker, 'run', CONFIG, '--incremental', '--incrementalFile', REPORT, ...scope];
	const env = { ...process.env, MUTATION_TESTS: tests };
	const child = spawn(nodeBinary, args, { cwd: ROOT, stdio: 'inherit', env });
	const [exitCode] = (await once(child, 'exit')) as [number | null];
	if (exitCode !== 0) process.exit(1);
}

/** Stryker would take what runs when a module is loaded for tried already, and not try it with other tests. */
function forgetTheUnnoticed(): void {
	const report = readReport();
	for (const file of Object.values(report.files)) file.mutants = file.mutants.filter(isNoticed);
	writeFileSync(REPORT, JSON.stringify(report));
}

/** Prints what came of it, and says whether that is good enough. */
function judge(report: Report): boolean {
	const equivalents = JSON.parse(readFileSync(EQUIVALENT, 'utf8')) as Equivalent[];
	const gone = new Set(equivalents);
	const table: Record<string, Tally> = {};
	for (const [file, { source, mutants }] of Object.entries(report)) {
		const row: Tally = (table[file] = { mutants: 0, noticed: 0, equivalent: 0 });
		for (const mutant of mutants.filter(({ status }) => wasTried(status))) {
			row.mutants++;
			const known = equivalents.find((one) => isSame(one, file, source, mutant));
			if (isNoticed(mutant)) row.noticed++;
			else if (!known) tellOf(file, source, mutant);
			else {
				gone.delete(known);
				row.equivalent++;
			}
		}
	}
	console.table(table);
	const overall = scoreOf(Object.values(table));
	const strict = Object.keys(table).filter((file) => WITHOUT_FAULT.some((it) => it.test(file)));
	const ofStrict = scoreOf(strict.map((file) => table[file]!));
	console.log(`noticed: ${overall.toFixed(1)} % overall, ${ofStrict.toFixed(1)} % of what decides`);
	for (const { file, code } of gone)
		console.log(`no mutant, or one that is noticed: ${file}: ${code}`);
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
