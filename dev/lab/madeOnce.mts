import { mkdir, rename, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { lock, type LockOptions } from 'proper-lockfile';
import { codeOf, LabError, messageOf } from './errors.mts';
import { exists } from './files.mts';

const LOCK = { realpath: false, stale: 20_000, update: 4_000 };

export interface MadeOnce {
	/** The folder to make. Its parent, the cache, is created if it is missing. */
	folder: string;
	/** Fills the folder. After an interruption it is called again, on what it left. */
	build: (staging: string) => Promise<void>;
	/** Called once if another process is making the folder. */
	onWait: () => void;
}

/**
 * Gives the path of a folder that is made once and then found, by any number of processes at a time.
 * A folder with the final name is always complete: it is built under another name and then renamed.
 * Rejects with a LabError where the cache can't be written.
 */
export async function madeOnce(wanted: MadeOnce): Promise<string> {
	const { folder: final, onWait } = wanted;
	if (await exists(final)) return final;
	const { release, lost } = await lockFolder(final, onWait);
	try {
		if (!(await exists(final))) await Promise.race([make(wanted, final), lost]);
		return final;
	} finally {
		await release().catch(() => {}); // lost
	}
}

async function make({ build }: MadeOnce, final: string): Promise<void> {
	const staging = `${final}.unfinished`;
	await mkdir(staging, { recursive: true });
	try {
		await build(staging);
	} catch (error) {
		await rmdir(staging).catch(() => {}); // not empty: there is something to go on with
		throw error;
	}
	await rename(staging, final);
}

async function lockFolder(final: string, onWait: () => void) {
	let onCompromised: LockOptions['onCompromised'];
	const lost = new Promise<never>((_resolve, reject) => {
		onCompromised = (error) => reject(new LabError(`Suspended for too long; try again (${error})`));
	});
	lost.catch(() => {}); // only said while something is being made
	const options = { ...LOCK, onCompromised };
	const cache = dirname(final);
	try {
		await mkdir(cache, { recursive: true });
		return { release: await lock(final, options), lost };
	} catch (error) {
		if (codeOf(error) !== 'ELOCKED') {
			throw new LabError(
				`The lab's cache folder ${cache} can't be written (${messageOf(error)}). ` +
					'Set N8N_LAB_DIR to a folder that can.',
			);
		}
	}
	onWait();
	const retries = { forever: true, factor: 1, minTimeout: 500, maxTimeout: 500 };
	return { release: await lock(final, { ...options, retries }), lost };
}
