import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { createEnvironment, type N8nPorts } from './environment.mts';
import { LabError } from './errors.mts';
import { killChild, startChild } from './childProcesses.mts';
import { runScript } from './runScript.mts';
import { pollUntil } from './pollUntil.mts';

const START_MS = 300_000; // only ends a start that hangs
const STOP_MS = 30_000;
const HINT_LINES = 25;

export interface N8nProcessOptions {
	nodeBinary: string;
	n8nBinary: string;
	/** The command of n8n's CLI. Default: `start`. */
	command?: 'start' | 'webhook' | 'worker';
	userFolder: string;
	ports: N8nPorts;
	/** Environment variables. They override the lab's. */
	env: Record<string, string>;
	onLog: (line: string) => void;
}

/** The n8n process of a user folder. It can be stopped and started again. */
export class N8nProcess {
	/** All lines of n8n's log since the first start. */
	readonly log: string[] = [];
	/** The same lines, in a file in the user folder. */
	readonly logFile: string;
	private child: ChildProcess | undefined;

	constructor(private readonly options: N8nProcessOptions) {
		this.logFile = join(options.userFolder, 'n8n.log');
	}

	private get isRunning(): boolean {
		const { pid, exitCode, signalCode } = this.child ?? {};
		return pid !== undefined && exitCode === null && signalCode === null;
	}

	/** The process, which leads its own process group. Undefined if n8n is not running. */
	get pid(): number | undefined {
		return this.isRunning ? this.child?.pid : undefined;
	}

	/**
	 * Starts n8n and waits until it is ready. `env` overrides environment variables until the next start. Rejects with
	 * a LabError that contains the end of n8n's log.
	 */
	async start(env: Record<string, string> = {}): Promise<void> {
		const { nodeBinary, n8nBinary, command = 'start', userFolder, ports } = this.options;
		this.child = startChild({
			nodeBinary,
			args: [n8nBinary, command],
			cwd: userFolder, // n8n reads the .env file of its working directory
			env: createEnvironment(nodeBinary, userFolder, ports, { ...this.options.env, ...env }),
			onLine: (line) => this.onLine(line),
		});
		try {
			await this.waitUntilReady();
		} catch (error) {
			await this.kill();
			throw error;
		}
	}

	/**
	 * Runs another command of n8n's CLI with the same user folder, such as `import:workflow`. Rejects with a LabError
	 * that contains its last lines.
	 */
	async command(...args: string[]): Promise<void> {
		const { nodeBinary, n8nBinary, userFolder, ports, env } = this.options;
		await runScript(`n8n ${args.join(' ')}`, {
			nodeBinary,
			args: [n8nBinary, ...args],
			cwd: userFolder,
			env: createEnvironment(nodeBinary, userFolder, ports, env),
		});
	}

	/** Stops n8n with SIGTERM. */
	async stop(): Promise<void> {
		const child = this.child;
		if (!child || !this.isRunning) return;
		const ended = once(child, 'exit');
		child.kill('SIGTERM');
		const timer = setTimeout(() => killChild(child), STOP_MS);
		await ended;
		clearTimeout(timer);
	}

	/** Kills n8n with SIGKILL, as a crash would. */
	async kill(): Promise<void> {
		const child = this.child;
		if (!child || !this.isRunning) return;
		const ended = once(child, 'exit');
		killChild(child);
		await ended;
	}

	/** The end of the log, for error messages. */
	lastLines(): string {
		return `The end of n8n's log:\n${this.log.slice(-HINT_LINES).join('\n')}`;
	}

	private async waitUntilReady(): Promise<void> {
		await pollUntil({
			what: 'n8n to start',
			timeoutMs: START_MS,
			poll: async () => {
				if (!this.isRunning) throw new LabError(`n8n exited during its start. ${this.lastLines()}`);
				return (await this.isReady()) || undefined;
			},
			hint: () => this.lastLines(),
		});
	}

	private async isReady(): Promise<boolean> {
		const { command = 'start' } = this.options;
		if ((await this.getStatus('/healthz/readiness')) !== 200) return false;
		// n8n 1.x says that it is ready before it serves its API and webhooks. Nobody is logged in, so this returns 401.
		return command !== 'start' || (await this.getStatus('/rest/login')) === 401;
	}

	private async getStatus(path: string): Promise<number | undefined> {
		const url = `http://127.0.0.1:${this.options.ports.main}${path}`;
		const response = await fetch(url).catch(() => undefined);
		await response?.body?.cancel();
		return response?.status;
	}

	private onLine(line: string): void {
		this.log.push(line);
		if (existsSync(this.options.userFolder)) appendFileSync(this.logFile, `${line}\n`);
		this.options.onLog(line);
	}
}
