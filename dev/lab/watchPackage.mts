import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { killChild, startChild } from './childProcesses.mts';
import { LabError } from './errors.mts';

const TSC = createRequire(import.meta.url).resolve('typescript/bin/tsc');

/** Lets n8n load a package again when its files change. */
export const RELOAD_ENV = { N8N_DEV_RELOAD: 'true' };

export interface WatchOptions {
	/** The folder with the package's package.json and tsconfig.json. */
	root: string;
	/** The user folder of an n8n that has the package installed, and runs with `RELOAD_ENV`. */
	userFolder: string;
	/** Called for each line of the compiler. */
	onLine?: (line: string) => void;
}

/**
 * Compiles a package into a running n8n, now and after each change. Resolves after the first time, with a function that
 * stops it.
 */
export async function watchPackage({
	root,
	userFolder,
	onLine = () => {},
}: WatchOptions): Promise<() => void> {
	const { name } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
		name: string;
	};
	const target = join(userFolder, '.n8n/nodes/node_modules', name, 'dist');
	return await new Promise((resolve, reject) => {
		const child = startChild({
			nodeBinary: process.execPath,
			args: [TSC, '--watch', '--preserveWatchOutput', '--outDir', target],
			cwd: root,
			env: process.env,
			onLine: (line) => {
				onLine(line);
				if (line.includes('Watching for file changes')) resolve(() => killChild(child));
			},
		});
		child.once('exit', () => reject(new LabError('The TypeScript compiler has stopped.')));
	});
}
