// Changes the code in small ways and counts what the tests notice: `npm run test:mutation`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { installN8n } from '../lab/index.mts';

const ROOT = resolve(import.meta.dirname, '..');
const REPORT = resolve(ROOT, 'coverage/mutation.json');
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
/** A mutant that does the same as the code, so that no test can notice it. */
interface Equivalent {
	file: string;
	code: string;
	replacement: string;
	reason: string;
}

const { nodeBinary } = await installN8n({ onProgress: console.error });
const stryker = resolve(ROOT, 'node_modules/@stryker-mutator/core/bin/stryker.js');
const config = 'test/mutation/stryker.config.mjs';
const child = spawn(nodeBinary, [stryker, 'run', config, ...process.argv.slice(2)], {
	cwd: ROOT,
	stdio: 'inherit',
});
const [code] = (await once(child, 'exit')) as [number | null];
if (code !== 0) process.exit(1);

const report = JSON.parse(readFileSync(REPORT, 'utf8')) as {
	files: Record<string, { source: string; mutants: Mutant[] }>;
};
const equivalents = JSON.parse(readFileSync(EQUIVALENT, 'utf8')) as Equivalent[];
const unused = new Set(equivalents.filter(({ file }) => file in report.files));
const table: Record<string, { mutants: number; noticed: number; equivalent: number }> = {};
const unnoticed: string[] = [];
for (const [file, { source, mutants }] of Object.entries(report.files)) {
	const row = (table[file] = { mutants: 0, noticed: 0, equivalent: 0 });
	for (const mutant of mutants) {
		const { status, replacement, mutatorName } = mutant;
		if (!['Killed', 'Timeout', 'Survived', 'NoCoverage'].includes(status)) continue;
		row.mutants++;
		if (status === 'Killed' || status === 'Timeout') {
			row.noticed++;
			continue;
		}
		const code = textAt(source, mutant.location);
		const known = equivalents.find(
			(one) => one.file === file && one.code === code && one.replacement === replacement,
		);
		if (known) {
			unused.delete(known);
			row.equivalent++;
		} else {
			const { line } = mutant.location.start;
			unnoticed.push(`${file}:${line} ${mutatorName} (${status})\n  ${code}\n  → ${replacement}`);
		}
	}
}

console.log(`\n${unnoticed.join('\n\n')}\n`);
console.table(table);
const scoreOf = (files: string[]) => {
	const rows = files.map((file) => table[file]!);
	const sum = (of: 'mutants' | 'noticed' | 'equivalent') =>
		rows.reduce((total, row) => total + row[of], 0);
	return (100 * sum('noticed')) / (sum('mutants') - sum('equivalent'));
};
const files = Object.keys(table);
const strict = files.filter((file) => WITHOUT_FAULT.some((pattern) => pattern.test(file)));
const [overall, ofStrict] = [scoreOf(files), scoreOf(strict)];
console.log(`noticed: ${overall.toFixed(1)} % overall, ${ofStrict.toFixed(1)} % of what decides`);
for (const { file, code } of unused) console.log(`no mutant is left of ${file}: ${code}`);
process.exitCode = overall >= LEAST_OVERALL && ofStrict === 100 && unused.size === 0 ? 0 : 1;

function textAt(source: string, { start, end }: Mutant['location']): string {
	const lines = source.split('\n').slice(start.line - 1, end.line);
	lines[lines.length - 1] = lines.at(-1)!.slice(0, end.column - 1);
	lines[0] = lines[0]!.slice(start.column - 1);
	return lines.join('\n');
}
