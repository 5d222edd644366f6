import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { onExit } from 'signal-exit';

// What this process has to end or delete before it ends itself, however that comes about.
const processes = new Set<ChildProcess>();
const folders = new Set<string>();

const guard = fileURLToPath(new URL('guard.cjs', import.meta.url));

export interface NodeProcess {
	/** The Node to run. */
	nodeBinary: string;
	/** The script and its arguments. */
	args: string[];
	cwd: string;
	env: NodeJS.ProcessEnv;
	/** Called for each line the process writes, to stdout or stderr. */
	onLine: (line: string) => void;
}

/** Starts a script in Node; it ends with this process at the latest, even if that is killed. */
export function startOwned({ nodeBinary, args, cwd, env, onLine }: NodeProcess): ChildProcess {
	watchForTheEnd();
	const child = spawn(nodeBinary, ['--require', guard, ...args], {
		cwd,
		env: { ...env, N8N_LAB_GUARD: 'fd3' },
		stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
		detached: process.platform !== 'win32',
		windowsHide: true,
	});
	processes.add(child);
	child.on('error', ({ message }) => onLine(message));
	child.on('exit', () => {
		killOwned(child); // what it has started and left behind
		processes.delete(child);
	});
	forwardLines(child, onLine);
	return child;
}

/** Ends a process of `startOwned` and all it has started, at once. */
export function killOwned(child: ChildProcess): void {
	if (child.pid === undefined) return;
	try {
		process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL');
	} catch {
		// gone already
	}
}

/** Marks a folder to be deleted when this process ends. */
export function ownFolder(folder: string): void {
	watchForTheEnd();
	folders.add(folder);
}

/** Deletes a folder of `ownFolder` now. */
export function deleteOwned(folder: string): void {
	rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
	folders.delete(folder);
}

function forwardLines(child: ChildProcess, onLine: (line: string) => void): void {
	for (const stream of [child.stdout, child.stderr]) {
		let rest = '';
		stream?.setEncoding('utf8');
		stream?.on('data', (chunk: string) => {
			const lines = (rest + chunk).split(/\r?\n/);
			rest = lines.pop() ?? '';
			lines.forEach(onLine);
		});
		stream?.on('end', () => rest && onLine(rest));
	}
}

let watching = false;

function watchForTheEnd(): void {
	if (watching) return;
	watching = true;
	onExit(() => {
		processes.forEach(killOwned);
		folders.forEach(deleteOwned);
	});
}
