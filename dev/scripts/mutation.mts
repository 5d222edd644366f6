// Mutation testing of the modules that decide: `npm run mutation [-- <file> …]`. It exits with 0 if the tests notice
// every mutant that test/mutation/equivalent.json does not list.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { installN8n } from '../lab/index.mts';

const ROOT = resolve(import.meta.dirname, '../..');
const STRYKER = 'node_modules/@stryker-mutator/core/bin/stryker.js';
const CONFIG = 'test/mutation/stryker.config.mjs';
const EQUIVALENT = 'test/mutation/equivalent.json';
/** Everything that Stryker writes. */
const FOLDER = '.stryker';
const REPORT = `${FOLDER}/report.json`;
/** Neither noticed nor unnoticed: it does not compile, for example. */
const NOT_COUNTED = ['CompileError', 'RuntimeError', 'Ignored'];
const NOTICED = ['Killed', 'Timeout'];

interface Position {
	/** From 1. */
	line: number;
	/** From 1. */
	column: number;
}
interface Mutant {
	mutatorName: string;
	replacement: string;
	status: string;
	location: { start: Position; end: Position };
}
type Files = Record<string, { source: string; mutants: Mutant[] }>;
/** A mutant that behaves like the original, so that no test can notice it. */
interface Equivalent {
	file: string;
	code: string;
	/** The whole line, trimmed, if the same code appears more than once. */
	line?: string;
	replacement: string;
	reason: string;
}

const { positionals } = parseArgs({ allowPositionals: true });
const exitCode = await runStryker(positionals);
if (exitCode !== 0) process.exit(1);
const { files } = JSON.parse(readFileSync(resolve(ROOT, REPORT), 'utf8')) as { files: Files };
process.exitCode = isEveryMutantNoticed(files) ? 0 : 1;

async function runStryker(mutated: string[]): Promise<number | null> {
	rmSync(resolve(ROOT, FOLDER), { recursive: true, force: true });
	// Stryker needs a newer Node than this project, and n8n's installation has one.
	const { nodeBinary } = await installN8n({ onProgress: console.error });
	const scope = mutated.length > 0 ? ['--mutate', mutated.join()] : [];
	const child = spawn(nodeBinary, [STRYKER, 'run', CONFIG, ...scope], {
		cwd: ROOT,
		stdio: 'inherit',
	});
	const [code] = (await once(child, 'exit')) as [number | null];
	return code;
}

/** Prints every unnoticed mutant and a table. */
function isEveryMutantNoticed(files: Files): boolean {
	const equivalents = JSON.parse(readFileSync(resolve(ROOT, EQUIVALENT), 'utf8')) as Equivalent[];
	const outdated = new Set(equivalents.filter(({ file }) => file in files));
	const table: Record<
		string,
		Record<'mutants' | 'noticed' | 'equivalent' | 'unnoticed', number>
	> = {};
	for (const [file, { source, mutants }] of Object.entries(files)) {
		const row = (table[file] = { mutants: 0, noticed: 0, equivalent: 0, unnoticed: 0 });
		for (const mutant of mutants) {
			if (NOT_COUNTED.includes(mutant.status)) continue;
			row.mutants++;
			const known = equivalents.find((it) => isSame(it, file, source, mutant));
			if (NOTICED.includes(mutant.status)) row.noticed++;
			else if (known) {
				row.equivalent++;
				outdated.delete(known);
			} else {
				row.unnoticed++;
				print(file, source, mutant);
			}
		}
	}
	console.table(table);
	const sum = (key: 'mutants' | 'noticed' | 'equivalent' | 'unnoticed') =>
		Object.values(table).reduce((total, row) => total + row[key], 0);
	const score = (100 * sum('noticed')) / (sum('mutants') - sum('equivalent'));
	console.log(
		`${sum('mutants')} mutants, ${sum('equivalent')} of them equivalent; ${score.toFixed(1)} % of the others were noticed`,
	);
	for (const { file, code } of outdated) {
		console.log(`${EQUIVALENT} lists what no mutant is, or what is noticed: ${file}: ${code}`);
	}
	return sum('unnoticed') === 0 && sum('mutants') > 0 && outdated.size === 0;
}

function isSame(known: Equivalent, file: string, source: string, mutant: Mutant): boolean {
	if (known.file !== file || known.replacement !== mutant.replacement) return false;
	const line = source.split('\n')[mutant.location.start.line - 1]!.trim();
	return known.code === codeAt(source, mutant.location) && (known.line ?? line) === line;
}

function print(file: string, source: string, mutant: Mutant): void {
	const { location, mutatorName, status, replacement } = mutant;
	const place = `${file}:${location.start.line} ${mutatorName} (${status})`;
	console.log(`${place}\n  ${codeAt(source, location)}\n  → ${replacement}\n`);
}

function codeAt(source: string, { start, end }: Mutant['location']): string {
	const lines = source.split('\n').slice(start.line - 1, end.line);
	lines[lines.length - 1] = lines.at(-1)!.slice(0, end.column - 1);
	lines[0] = lines[0]!.slice(start.column - 1);
	return lines.join('\n');
}
