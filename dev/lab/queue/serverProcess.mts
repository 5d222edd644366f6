import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { LabError } from '../errors.mts';
import { killChild, startChild } from '../childProcesses.mts';
import { runScript } from '../runScript.mts';
import { pollUntil } from '../pollUntil.mts';

const RUN_BINARY = fileURLToPath(new URL('runBinary.cjs', import.meta.url));
const START_MS = 30_000;
const STOP_MS = 10_000;
const HINT_LINES = 12;

export interface ServerProcessOptions {
	/** The program and its arguments. */
	command: string[];
	cwd: string;
	/** Environment variables in addition to those of this process. */
	env?: Record<string, string>;
	/** Whether the server accepts connections. */
	isReady: () => Promise<boolean>;
	/** The signal that stops it. */
	stopSignal: 'SIGQUIT' | 'SIGTERM';
}

/** A server that n8n needs. It exits with this process. */
export class ServerProcess {
	private readonly lines: string[] = [];
	private child: ChildProcess | undefined;

	constructor(private readonly options: ServerProcessOptions) {}

	/** The leader of the server's process group. */
	get pid(): number | undefined {
		return this.child?.pid;
	}

	/** Starts the server and waits until it is ready. Rejects with a LabError that contains its last lines. */
	async start(): Promise<void> {
		const { command, cwd, env, isReady } = this.options;
		const child = startChild({
			...wrapBinary(command, cwd, env),
			onLine: (line) => this.lines.push(line),
		});
		this.child = child;
		const lastLines = () => this.lines.slice(-HINT_LINES).join('\n');
		const ready = pollUntil({
			what: `${command.join(' ')} to start`,
			timeoutMs: START_MS,
			poll: async () => {
				if (child.exitCode !== null) throw new LabError(`${command[0]} exited:\n${lastLines()}`);
				return (await isReady()) || undefined;
			},
			hint: lastLines,
		});
		await ready.catch((error: unknown) => {
			killChild(child);
			throw error;
		});
	}

	/** Stops the server. It can be started again. */
	async stop(): Promise<void> {
		const child = this.child;
		if (!child || child.exitCode !== null || child.signalCode !== null) return;
		const ended = once(child, 'exit');
		child.kill(this.options.stopSignal);
		const timer = setTimeout(() => killChild(child), STOP_MS);
		await ended;
		clearTimeout(timer);
	}
}

/** Runs a program and returns the lines that it printed. Rejects with a LabError if it fails. */
export async function runBinary(command: string[], cwd: string): Promise<string[]> {
	return await runScript(command.join(' '), wrapBinary(command, cwd));
}

function wrapBinary(command: string[], cwd: string, env: Record<string, string> = {}) {
	return {
		nodeBinary: process.execPath,
		args: [RUN_BINARY, ...command],
		cwd,
		env: { ...process.env, ...env },
	};
}
