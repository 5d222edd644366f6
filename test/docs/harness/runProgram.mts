import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Returns what a program prints. Rejects if it fails. */
export async function runProgram(
	program: string,
	args: string[],
	env: NodeJS.ProcessEnv = {},
	cwd?: string,
): Promise<string> {
	const options = { env: { ...process.env, ...env }, cwd };
	return (await promisify(execFile)(program, args, options)).stdout;
}
