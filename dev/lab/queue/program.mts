import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { LabError } from '../errors.mts';
import { killOwned, startOwned } from '../owned.mts';
import { run } from '../run.mts';
import { waitFor } from '../wait.mts';

const keeper = fileURLToPath(new URL('keeper.cjs', import.meta.url));
const START_MS = 30_000;
const STOP_MS = 10_000;
const HINT_LINES = 12;

export interface ProgramOptions {
	/** The program and its arguments. */
	command: string[];
	cwd: string;
	/** Asks the program whether it serves. */
	isReady: () => Promise<boolean>;
	/** What makes it end in good order. */
	stopSignal: 'SIGQUIT' | 'SIGTERM';
}

/** A server that n8n needs; it ends with this process at the latest. */
export class Program {
	private readonly lines: string[] = [];
	private child: ChildProcess | undefined;

	constructor(private readonly options: ProgramOptions) {}

	/** The process that keeps the program, in whose group the program is. */
	get pid(): number | undefined {
		return this.child?.pid;
	}

	/** Starts the program and waits until it serves. Rejects with a LabError, its last lines in it. */
	async start(): Promise<void> {
		const { command, cwd, isReady } = this.options;
		const child = startOwned({ ...kept(command, cwd), onLine: (line) => this.lines.push(line) });
		this.child = child;
		const lastLines = () => this.lines.slice(-HINT_LINES).join('\n');
		const isServing = waitFor({
			what: `${command.join(' ')} to serve`,
			timeoutMs: START_MS,
			poll: async () => {
				if (child.exitCode !== null) throw new LabError(`${command[0]} ended:\n${lastLines()}`);
				return (await isReady()) || undefined;
			},
			hint: lastLines,
		});
		await isServing.catch((error: unknown) => {
			killOwned(child);
			throw error;
		});
	}

	/** Ends the program in good order; `start` starts it again. */
	async stop(): Promise<void> {
		const child = this.child;
		if (!child || child.exitCode !== null || child.signalCode !== null) return;
		const ended = once(child, 'exit');
		child.kill(this.options.stopSignal);
		const timer = setTimeout(() => killOwned(child), STOP_MS);
		await ended;
		clearTimeout(timer);
	}
}

/** Runs a program to its end and gives what it printed. Rejects with a LabError where it fails. */
export async function runProgram(command: string[], cwd: string): Promise<string[]> {
	return await run(command.join(' '), { ...kept(command, cwd), onLine: () => {} });
}

function kept(command: string[], cwd: string) {
	return { nodeBinary: process.execPath, args: [keeper, ...command], cwd, env: process.env };
}
