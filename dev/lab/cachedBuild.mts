import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { lock, type LockOptions } from 'proper-lockfile';
import { getErrorCode, LabError, getErrorMessage } from './errors.mts';

const LOCK = { realpath: false, stale: 20_000, update: 4_000 };
const RETRY_FOREVER = { forever: true, factor: 1, minTimeout: 500, maxTimeout: 500 };

export interface CachedBuildOptions {
	/** The folder to build. Its parent, the cache, is created if it is missing. */
	folder: string;
	/** Fills an empty folder, which is renamed afterwards. */
	build: (staging: string) => Promise<void>;
	/** Called once if another process is building the folder. */
	onWait?: () => void;
}

/**
 * Builds a folder once, however many processes ask for it, and returns its path. A folder with the final name is always
 * complete. Rejects with a LabError if the cache is not writable.
 */
export async function cachedBuild(options: CachedBuildOptions): Promise<string> {
	const { folder, onWait = () => {} } = options;
	if (existsSync(folder)) return folder;
	const { release, lost } = await acquireLock(folder, onWait);
	try {
		if (!existsSync(folder)) await Promise.race([build(options), lost]);
		return folder;
	} finally {
		await release().catch(() => {}); // the lock was lost
	}
}

async function build({ folder, build: fill }: CachedBuildOptions): Promise<void> {
	const staging = `${folder}.unfinished`;
	const deleteStaging = async () => await rm(staging, { recursive: true, force: true });
	await deleteStaging(); // an earlier process was killed
	await mkdir(staging);
	try {
		await fill(staging);
	} catch (error) {
		await deleteStaging();
		throw error;
	}
	await rename(staging, folder);
}

async function acquireLock(folder: string, onWait: () => void) {
	let onCompromised: LockOptions['onCompromised'];
	const lost = new Promise<never>((_resolve, reject) => {
		onCompromised = (error) =>
			reject(new LabError(`This process was suspended for too long. Try again (${error}).`));
	});
	lost.catch(() => {}); // only matters during a build
	const options = { ...LOCK, onCompromised };
	const cache = dirname(folder);
	try {
		await mkdir(cache, { recursive: true });
		return { release: await lock(folder, options), lost };
	} catch (error) {
		if (getErrorCode(error) !== 'ELOCKED') {
			throw new LabError(
				`The cache folder ${cache} is not writable (${getErrorMessage(error)}). ` +
					'Set N8N_LAB_DIR to a folder that is.',
			);
		}
	}
	onWait();
	return { release: await lock(folder, { ...options, retries: RETRY_FOREVER }), lost };
}
