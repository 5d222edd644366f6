// Every check there is, as `npm test` runs them; the last line is `N passed, N failed`.
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

interface Tally {
	passed: number;
	failed: number;
}

/** What is quick to fail, one after the other. */
const COMMANDS = {
	format: ['prettier', '--check', '.'],
	types: ['npm', 'run', '--silent', 'typecheck'],
	lint: ['n8n-node', 'lint'],
	unused: ['knip'],
	build: ['npm', 'run', '--silent', 'build'],
	// Once for all: tests that run beside each other would build the package under one another.
	pack: ['tsx', 'scripts/pack.mts'],
} as const;
/**
 * Projects of tests by what they are called here. Two run beside each other, in this order: the campaign beside light
 * ones, and a long one at the end beside another, so that neither runs alone for long.
 */
const TESTS = {
	campaign: ['campaign'],
	// Every branch of what ships is theirs to try.
	nodes: ['unit', 'contexts', '--coverage'],
	package: ['package'],
	simulator: ['simulator'],
	oldest: ['oldest'],
	newest: ['newest'],
	docs: ['docs'],
	queue: ['queue'],
	e2e: ['e2e'],
	editor: ['editor'],
	lab: ['lab'],
} as const;
type Tests = keyof typeof TESTS;
const BESIDE_EACH_OTHER = 2;

const reports = mkdtempSync(join(tmpdir(), 'mindpeeker-check-'));
process.on('exit', () => rmSync(reports, { recursive: true, force: true }));
const underWay = new Set<ChildProcess>();
/** The signal that ends all of it. */
let interruption: NodeJS.Signals | undefined;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
	process.on(signal, () => {
		interruption = signal;
		for (const child of underWay) endGroupOf(child);
	});
}

/** What npx has started gets no signal that npx gets. */
function endGroupOf({ pid }: ChildProcess): void {
	if (pid === undefined) return;
	try {
		process.kill(process.platform === 'win32' ? pid : -pid, 'SIGTERM');
	} catch {
		// It has just ended.
	}
}

/** What it writes is shown when it has ended, for others may run beside it. */
async function run(name: string, command: readonly string[]): Promise<boolean> {
	const started = Date.now();
	console.log(`── ${name} …`);
	const output: Buffer[] = [];
	const code = await new Promise<number | null>((resolve) => {
		const [program = '', ...args] = command;
		const child = spawn('npx', ['--no-install', program, ...args], {
			stdio: ['ignore', 'pipe', 'pipe'],
			shell: process.platform === 'win32',
			detached: process.platform !== 'win32',
			env: { ...(process.stdout.isTTY && { FORCE_COLOR: '1' }), ...process.env },
		});
		underWay.add(child);
		child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
		child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
		child.on('error', (error) => {
			console.error(String(error));
			resolve(null);
		});
		child.on('close', (exitCode) => {
			underWay.delete(child);
			resolve(exitCode);
		});
	});
	const seconds = ((Date.now() - started) / 1000).toFixed(0);
	process.stdout.write(`\n${Buffer.concat(output).toString()}`);
	console.log(`── ${name} ${code === 0 ? 'passed' : 'failed'} (${seconds} s)\n`);
	return code === 0;
}

async function runCommand(name: keyof typeof COMMANDS): Promise<Tally> {
	const passed = await run(name, COMMANDS[name]);
	return { passed: Number(passed), failed: Number(!passed) };
}

/** A run that finds no test, or ends badly although no test failed, counts as a failure; one that is skipped says why. */
async function runTests(name: Tests): Promise<Tally> {
	const report = join(reports, `${name}.json`);
	const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
	const projects = TESTS[name].flatMap((it) => (it.startsWith('--') ? [it] : ['--project', it]));
	const succeeded = await run(name, ['vitest', 'run', ...projects, ...reporters]);
	if (!existsSync(report)) return { passed: 0, failed: 1 };
	const counts = JSON.parse(readFileSync(report, 'utf8')) as Record<string, number>;
	const { numTotalTests = 0, numPassedTests: passed = 0, numFailedTests: failed = 0 } = counts;
	const isOdd = numTotalTests === 0 || (failed === 0 && !succeeded);
	return { passed, failed: failed + Number(isOdd) };
}

const { positionals } = parseArgs({ allowPositionals: true });
const names: string[] = [...Object.keys(COMMANDS), ...Object.keys(TESTS)];
const unknown = positionals.filter((name) => !names.includes(name));
if (unknown.length > 0) {
	console.error(`There is no check called ${unknown.join(', ')}; there are ${names.join(', ')}.`);
	process.exit(1);
}
const chosen = (name: string) => positionals.length === 0 || positionals.includes(name);
const total: Tally = { passed: 0, failed: 0 };
const add = ({ passed, failed }: Tally) => {
	total.passed += passed;
	total.failed += failed;
};
for (const name of Object.keys(COMMANDS) as Array<keyof typeof COMMANDS>) {
	if (chosen(name) && !interruption) add(await runCommand(name));
}
// By itself: with all that it computes, nothing that waits for n8n is in time.
if (chosen('nodes') && !interruption) add(await runTests('nodes'));
const waiting = (Object.keys(TESTS) as Tests[]).filter((name) => chosen(name) && name !== 'nodes');
const runAll = async () => {
	for (let name = waiting.shift(); name && !interruption; name = waiting.shift()) {
		add(await runTests(name));
	}
};
await Promise.all(Array.from({ length: BESIDE_EACH_OTHER }, runAll));
if (interruption) process.exit(128 + constants.signals[interruption]);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
