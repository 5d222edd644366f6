// `npm test [-- <name> …]`: runs all checks, or the named ones. The last line is `N passed, N failed`.
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import config from '../../jest.config.mjs';
import { findMissingServices } from '../lab/queue/findProgram.mts';
import { findMissingBrowser } from '../testEnvironment/browser.mts';
import { DOCUMENTED_PROGRAMS, findMissingProgram } from '../testEnvironment/documentedPrograms.mts';

/** Checks other than tests. */
const COMMANDS: Record<string, string[]> = {
	format: ['prettier', '--check', '--log-level', 'warn', '.'],
	types: ['npm', 'run', '--silent', 'typecheck'],
	lint: ['n8n-node', 'lint'],
	unused: ['knip'],
	pack: ['tsx', 'dev/scripts/pack.mts'],
};
/** Jest's projects. */
const PROJECTS = config.projects.map(({ displayName }) => displayName);
/** Those that only run if they are named, because they take long. */
const ON_REQUEST = ['n8n1', 'fuzz'];

/** Projects that can run with more workers, because their tests mostly wait and need little memory. */
const WITHOUT_N8N_PROCESS = ['unit', 'integration', 'simulator', 'minimumN8n'];

interface Result {
	passed: number;
	failed: number;
}

const children = new Set<ChildProcess>();
let interruptedBy: NodeJS.Signals | undefined;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
	process.on(signal, () => {
		interruptedBy = signal;
		for (const child of children) stop(child);
	});
}

/** Stops a process and its child processes. */
function stop({ pid }: ChildProcess): void {
	if (pid === undefined) return;
	try {
		process.kill(process.platform === 'win32' ? pid : -pid, 'SIGTERM');
	} catch {
		// It has exited.
	}
}

/** Runs an installed command. Returns its exit code. */
async function run(command: string[], stdio: 'inherit' | 'pipe'): Promise<number | null> {
	const child = spawn('npx', ['--no-install', ...command], {
		stdio: ['ignore', stdio, stdio],
		shell: process.platform === 'win32',
		detached: process.platform !== 'win32',
	});
	children.add(child);
	const output: Buffer[] = [];
	child.stdout?.on('data', (chunk: Buffer) => output.push(chunk));
	child.stderr?.on('data', (chunk: Buffer) => output.push(chunk));
	const code = await new Promise<number | null>((resolve, reject) => {
		child.on('error', reject);
		child.on('close', resolve);
	});
	children.delete(child);
	if (code !== 0) process.stdout.write(Buffer.concat(output));
	return code;
}

async function runCommand(name: string): Promise<Result> {
	const start = Date.now();
	const hasPassed = (await run(COMMANDS[name]!, 'pipe')) === 0;
	const seconds = Math.round((Date.now() - start) / 1_000);
	console.log(`${hasPassed ? 'PASS' : 'FAIL'} ${name} (${seconds} s)`);
	return { passed: Number(hasPassed), failed: Number(!hasPassed) };
}

interface Report {
	numPassedTests: number;
	numFailedTests: number;
	numPendingTests: number;
	numRuntimeErrorTestSuites: number;
}

/** Runs Jest. A file that cannot be loaded and a missed coverage threshold each count as a failure. */
async function runTests(projects: string[]): Promise<Result> {
	const folder = mkdtempSync(join(tmpdir(), 'mindpeeker-test-'));
	const file = join(folder, 'report.json');
	const hasCoverage = ['unit', 'integration'].every((name) => projects.includes(name));
	const code = await run(
		[
			'jest',
			...['--json', '--outputFile', file],
			...(hasCoverage ? ['--coverage'] : []),
			...(projects.every((name) => WITHOUT_N8N_PROCESS.includes(name)) ? ['--maxWorkers=6'] : []),
			...['--selectProjects', ...projects],
		],
		'inherit',
	);
	const text = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
	rmSync(folder, { recursive: true });
	if (text === undefined) return { passed: 0, failed: 1 };
	const report = JSON.parse(text) as Report;
	printSkipped(report.numPendingTests);
	const passed = report.numPassedTests;
	const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
	return { passed, failed: failed === 0 && (code !== 0 || passed === 0) ? 1 : failed };
}

function printSkipped(count: number): void {
	if (count === 0) return;
	console.log(`\n${count} tests were skipped:`);
	const missingPrograms = DOCUMENTED_PROGRAMS.map(findMissingProgram);
	for (const missing of [findMissingBrowser(), findMissingServices(), ...missingPrograms]) {
		if (missing) console.log(`- ${missing}`);
	}
}

const { positionals } = parseArgs({ allowPositionals: true });
const known = [...Object.keys(COMMANDS), ...PROJECTS];
const unknown = positionals.filter((name) => !known.includes(name));
if (unknown.length > 0) {
	console.error(`Unknown: ${unknown.join(', ')}. Choose from ${known.join(', ')}.`);
	process.exit(1);
}
const isSelected = (name: string) =>
	positionals.length === 0 ? !ON_REQUEST.includes(name) : positionals.includes(name);
const projects = PROJECTS.filter(isSelected);
const results: Result[] = [];
const runAllCommands = async () => {
	for (const name of Object.keys(COMMANDS).filter(isSelected)) {
		if (!interruptedBy) results.push(await runCommand(name));
	}
};
const runAllTests = async () => {
	if (projects.length > 0) results.push(await runTests(projects));
};
// The commands need the processor, the tests mostly wait.
await Promise.all([runAllCommands(), runAllTests()]);
if (interruptedBy) process.exit(128 + constants.signals[interruptedBy]);
const sum = (key: keyof Result) => results.reduce((total, tally) => total + tally[key], 0);
console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`);
process.exitCode = sum('failed') === 0 && sum('passed') > 0 ? 0 : 1;
