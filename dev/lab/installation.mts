import { copyFile, mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder, fingerprint, MANIFESTS } from './cache.mts';
import { messageOf } from './errors.mts';
import { exists } from './files.mts';
import { keepFirstStart } from './firstStart.mts';
import { lockedPackages } from './lockfile.mts';
import { madeOnce } from './madeOnce.mts';
import { npmInstall, npmRegistry } from './npm.mts';
import { clearPlacement, placePackages } from './placePackages.mts';
import { prune } from './prune.mts';
import { addRuntime, buildSqlite, nodeBinaryIn, ownNodeServes } from './runtime.mts';
import { together } from './together.mts';

export const N8N_VERSION = '2.41.1';

const N8N_SOURCES = fileURLToPath(new URL('n8n', import.meta.url));
const RUNTIME_SOURCES = fileURLToPath(new URL('runtime', import.meta.url));
const PROGRESS_STEPS = 10;
const LAYOUT = '1'; // to be raised when `build` makes something else of the same files

export interface N8nBinaries {
	/** The Node that runs n8n. */
	nodeBinary: string;
	/** n8n's own start script. */
	n8nBinary: string;
}

export interface N8nInstallation extends N8nBinaries {
	/** n8n's version. */
	version: string;
	directory: string;
	/** A user folder's files after n8n's first start, owner included. */
	firstStart: string;
}

/** The folder that `installN8n` installs into. */
export async function n8nFolder(): Promise<string> {
	const node = ownNodeServes() ? 'own Node' : 'Node from npm';
	const circumstances = [LAYOUT, node, process.platform];
	const mark = await fingerprint([N8N_SOURCES, RUNTIME_SOURCES], circumstances);
	return join(cacheFolder(), `n8n-${N8N_VERSION}-${mark}`);
}

/**
 * Gives an n8n to run, and installs it where there is none yet: 2 minutes, 1.3 GB, in a cache
 * folder outside of the repository (`N8N_LAB_DIR` moves it). An interrupted installation is resumed;
 * of several processes that want it at once, one installs and the others wait.
 * Rejects with a LabError.
 */
export async function installN8n({
	onProgress = () => {},
}: { onProgress?: (line: string) => void } = {}): Promise<N8nInstallation> {
	const directory = await madeOnce({
		folder: await n8nFolder(),
		build: async (staging) => await build(staging, onProgress),
		onWait: () => onProgress('Another process is installing n8n; waiting for it.'),
	});
	return {
		version: N8N_VERSION,
		directory,
		...binariesIn(directory),
		firstStart: join(directory, 'first-start'),
	};
}

function binariesIn(folder: string): N8nBinaries {
	return {
		nodeBinary: nodeBinaryIn(folder),
		n8nBinary: join(folder, 'node_modules/n8n/bin/n8n'),
	};
}

async function build(staging: string, onProgress: (line: string) => void): Promise<void> {
	const start = Date.now();
	const say = (line: string) =>
		onProgress(`${line} (${Math.round((Date.now() - start) / 1000)} s)`);
	say(`Installing n8n ${N8N_VERSION} into ${staging}, once; about 2 minutes`);
	const driver = join(staging, 'node_sqlite3.node');
	const isBuilt = await exists(driver);
	const runtime = isBuilt ? undefined : await addRuntime(RUNTIME_SOURCES, staging);
	if (runtime) say("Node is there; n8n's database driver may have to be compiled");
	// A compiler's work and a download: each leaves the other what it needs.
	await together([
		async (signal) => await (runtime && buildSqlite(runtime, driver, signal)),
		async (signal) => await addN8n(staging, say, signal),
	]);
	const release = join(staging, 'node_modules/sqlite3/build/Release');
	await mkdir(release, { recursive: true });
	await copyFile(driver, join(release, basename(driver)));
	say('Starting n8n for the first time');
	await keepFirstStart(binariesIn(staging), staging, join(staging, 'first-start'));
	await rm(join(staging, 'runtime'), { recursive: true, force: true });
	say('n8n is ready');
}

async function addN8n(staging: string, say: (line: string) => void, signal: AbortSignal) {
	try {
		await placePackages({
			packages: await lockedPackages(N8N_SOURCES),
			registry: await npmRegistry(staging),
			folder: staging,
			onPlaced: (done, all) => {
				if (done % Math.ceil(all / PROGRESS_STEPS) === 0) say(`${done} of ${all} packages`);
			},
			signal,
		});
	} catch (error) {
		signal.throwIfAborted();
		say(`npm takes over from here, which is slower: ${messageOf(error)}`);
		await installWithNpm(staging, signal);
	}
}

/** Serves where the registry wants more than plain requests, and without a network. */
async function installWithNpm(staging: string, signal: AbortSignal): Promise<void> {
	await clearPlacement(staging);
	for (const file of MANIFESTS) {
		await copyFile(join(N8N_SOURCES, file), join(staging, file));
	}
	await npmInstall({ cwd: staging, args: [], signal });
	await prune(staging);
}
