import { once } from 'node:events';
import { type ChildOptions, startChild } from './childProcesses.mts';
import { LabError } from './errors.mts';

const HINT_LINES = 12;

/**
 * Runs a script in Node.js and returns the lines that it printed. Rejects with a LabError that contains the last of
 * them if the exit code is not 0.
 */
export async function runScript(
	name: string,
	options: Omit<ChildOptions, 'onLine'>,
): Promise<string[]> {
	const lines: string[] = [];
	const child = startChild({ ...options, onLine: (line) => lines.push(line) });
	const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
	if (code !== 0) throw new LabError(`${name} failed (${signal ?? code}):\n${formatTail(lines)}`);
	return lines;
}

/** The last lines, without a stack trace. */
function formatTail(lines: string[]): string {
	const stack = lines.findIndex((line) => /\bat .+:\d+:\d+\)?$/.test(line));
	return lines
		.slice(0, stack < 0 ? undefined : stack)
		.slice(-HINT_LINES)
		.join('\n');
}
