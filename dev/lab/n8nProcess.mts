import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { n8nEnvironment, type N8nPorts } from './environment.mts';
import { LabError } from './errors.mts';
import { killOwned, startOwned } from './owned.mts';
import { run } from './run.mts';
import { waitFor } from './wait.mts';

const START_MS = 120_000;
const STOP_MS = 30_000;
const HINT_LINES = 25;

export interface N8nProcessOptions {
	nodeBinary: string;
	n8nBinary: string;
	/** What n8n is started as; `start`, which is all of it, where left out. */
	command?: 'start' | 'webhook' | 'worker';
	userFolder: string;
	ports: N8nPorts;
	/** Environment variables for n8n. */
	env: Record<string, string>;
	onLog: (line: string) => void;
}

/** One n8n at a time over a user folder: it can be started and ended as often as wanted. */
export class N8nProcess {
	/** Each line that n8n has written, since the first start. */
	readonly log: string[] = [];
	/** The same lines, kept as long as the user folder. */
	readonly logFile: string;
	private child: ChildProcess | undefined;

	constructor(private readonly options: N8nProcessOptions) {
		this.logFile = join(options.userFolder, 'n8n.log');
	}

	private get isRunning(): boolean {
		const { pid, exitCode, signalCode } = this.child ?? {};
		return pid !== undefined && exitCode === null && signalCode === null;
	}

	/** n8n's process, which leads a process group of its own; undefined while none runs. */
	get pid(): number | undefined {
		return this.isRunning ? this.child?.pid : undefined;
	}

	/** Starts n8n and waits until it serves. Rejects with a LabError, n8n's last lines in it. */
	async start(): Promise<void> {
		const { nodeBinary, n8nBinary, command = 'start', userFolder, ports, env } = this.options;
		this.child = startOwned({
			nodeBinary,
			args: [n8nBinary, command],
			cwd: userFolder, // n8n reads an .env file from where it is started
			env: n8nEnvironment(nodeBinary, userFolder, ports, env),
			onLine: (line) => this.onLine(line),
		});
		try {
			await this.waitUntilItServes();
		} catch (error) {
			await this.kill();
			throw error;
		}
	}

	/**
	 * Runs one of n8n's commands over the same user folder, such as `import:workflow`, whether or not n8n runs.
	 * Rejects with a LabError, its last lines in it, where it fails.
	 */
	async command(...args: string[]): Promise<void> {
		const { nodeBinary, n8nBinary, userFolder, ports, env } = this.options;
		await run(`n8n ${args.join(' ')}`, {
			nodeBinary,
			args: [n8nBinary, ...args],
			cwd: userFolder,
			env: n8nEnvironment(nodeBinary, userFolder, ports, env),
			onLine: () => {},
		});
	}

	/** Ends n8n as an operator would, with SIGTERM. */
	async stop(): Promise<void> {
		const child = this.child;
		if (!child || !this.isRunning) return;
		const ended = once(child, 'exit');
		child.kill('SIGTERM');
		const timer = setTimeout(() => killOwned(child), STOP_MS);
		await ended;
		clearTimeout(timer);
	}

	/** Ends n8n as a crash would, with SIGKILL. */
	async kill(): Promise<void> {
		const child = this.child;
		if (!child || !this.isRunning) return;
		const ended = once(child, 'exit');
		killOwned(child);
		await ended;
	}

	/** The last lines of the log, to be said with an error. */
	lastLines(): string {
		return `n8n's log ended with:\n${this.log.slice(-HINT_LINES).join('\n')}`;
	}

	private async waitUntilItServes(): Promise<void> {
		const readiness = `http://127.0.0.1:${this.options.ports.main}/healthz/readiness`;
		await waitFor({
			what: 'n8n to start',
			timeoutMs: START_MS,
			poll: async () => {
				if (!this.isRunning) throw new LabError(`n8n ended at its start. ${this.lastLines()}`);
				const answer = await fetch(readiness).catch(() => undefined);
				await answer?.body?.cancel();
				return answer?.ok || undefined;
			},
			hint: () => this.lastLines(),
		});
	}

	private onLine(line: string): void {
		this.log.push(line);
		if (existsSync(this.options.userFolder)) appendFileSync(this.logFile, `${line}\n`);
		this.options.onLog(line);
	}
}
