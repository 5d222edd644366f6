import { once } from 'node:events';
import { LabError } from './errors.mts';
import { killOwned, type NodeProcess, startOwned } from './owned.mts';

const HINT_LINES = 12;

/**
 * Runs a script in Node until it ends, or is ended by the signal.
 * Rejects with a LabError, its last lines in the message, where it does not end with 0.
 */
export async function run(
	what: string,
	{ signal, ...script }: NodeProcess & { signal?: AbortSignal },
): Promise<string[]> {
	signal?.throwIfAborted();
	const lines: string[] = [];
	const child = startOwned({
		...script,
		onLine: (line) => {
			lines.push(line);
			script.onLine(line);
		},
	});
	const end = () => killOwned(child);
	signal?.addEventListener('abort', end);
	const [code, killedBy] = (await once(child, 'close')) as [number | null, string | null];
	signal?.removeEventListener('abort', end);
	if (code !== 0) {
		throw new LabError(`${what} failed (${killedBy ?? code}):\n${readable(lines)}`);
	}
	return lines;
}

/** The last lines before the first one of a stack. */
function readable(lines: string[]): string {
	const stack = lines.findIndex((line) => /\bat .+:\d+:\d+\)?$/.test(line));
	return lines
		.slice(0, stack < 0 ? undefined : stack)
		.slice(-HINT_LINES)
		.join('\n');
}
