import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { onExit } from 'signal-exit';

const EXIT_WITH_PARENT = fileURLToPath(new URL('exitWithParent.cjs', import.meta.url));

// Cleaned up when this process exits, whatever the reason.
const children = new Set<ChildProcess>();
const folders = new Set<string>();

export interface ChildOptions {
	/** The Node.js binary to run. */
	nodeBinary: string;
	/** The script and its arguments. */
	args: string[];
	cwd: string;
	env: NodeJS.ProcessEnv;
	/** Called for each line on stdout and stderr. */
	onLine: (line: string) => void;
}

/** Starts a script in Node.js. It exits when this process does, even after a SIGKILL. */
export function startChild({ nodeBinary, args, cwd, env, onLine }: ChildOptions): ChildProcess {
	registerExitHook();
	const child = spawn(nodeBinary, ['--require', EXIT_WITH_PARENT, ...args], {
		cwd,
		env: { ...env, N8N_LAB_PARENT_PIPE: '3' },
		stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
		detached: process.platform !== 'win32',
		windowsHide: true,
	});
	children.add(child);
	child.on('error', ({ message }) => onLine(message));
	child.on('exit', () => {
		killChild(child); // its own child processes may still run
		children.delete(child);
	});
	forwardLines(child, onLine);
	return child;
}

/** Kills a process of `startChild` and all its child processes. */
export function killChild(child: ChildProcess): void {
	if (child.pid === undefined) return;
	try {
		process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL');
	} catch {
		// It has exited.
	}
}

/** Deletes a folder when this process exits. */
export function deleteFolderOnExit(folder: string): void {
	registerExitHook();
	folders.add(folder);
}

/** Deletes a folder now. */
export function deleteFolder(folder: string): void {
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

let hasExitHook = false;

function registerExitHook(): void {
	if (hasExitHook) return;
	hasExitHook = true;
	onExit(() => {
		children.forEach(killChild);
		folders.forEach(deleteFolder);
	});
}
