import { createHash } from 'node:crypto';
import { appendFile, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar';
import { LabError } from './errors.mts';
import type { LockedPackage } from './lockfile.mts';
import { isNeverLoaded } from './neverLoaded.mts';
import { together } from './together.mts';

const AT_A_TIME = 16;
const LEDGER = 'placed.txt';

export interface Placement {
	packages: LockedPackage[];
	/** The registry's address, without a trailing slash. */
	registry: string;
	/** Gets the packages. What an interrupted call has placed here is not fetched again. */
	folder: string;
	onPlaced: (done: number, all: number) => void;
	signal: AbortSignal;
}

/**
 * Puts each package of a lockfile where npm would, without the files that are never loaded: half of
 * n8n's. That takes less than half as long as npm, which writes them all, and twice with its cache.
 * Rejects at the first package that can't be had or is not the one that the lockfile means.
 */
export async function placePackages({
	packages,
	registry,
	folder,
	onPlaced,
	signal,
}: Placement): Promise<void> {
	const ledger = join(folder, LEDGER);
	const placed = new Set((await readFile(ledger, 'utf8').catch(() => '')).split('\n'));
	const missing = packages.filter(({ path }) => !placed.has(path));
	let done = packages.length - missing.length;
	const placeUntilNoneIsLeft = async (end: AbortSignal) => {
		for (let next = missing.pop(); next; next = missing.pop()) {
			end.throwIfAborted();
			await place(next, registry, folder, end);
			await appendFile(ledger, `${next.path}\n`);
			onPlaced(++done, packages.length);
		}
	};
	await together(
		Array.from({ length: AT_A_TIME }, () => placeUntilNoneIsLeft),
		signal,
	);
}

/** Forgets and deletes what `placePackages` has placed. */
export async function clearPlacement(folder: string): Promise<void> {
	for (const name of [LEDGER, 'node_modules']) {
		await rm(join(folder, name), { recursive: true, force: true });
	}
}

async function place(
	wanted: LockedPackage,
	registry: string,
	folder: string,
	signal: AbortSignal,
): Promise<void> {
	const tarball = await download(wanted, registry, signal);
	const cwd = join(folder, wanted.path);
	await mkdir(cwd, { recursive: true });
	const filter = (path: string) => !isNeverLoaded(path);
	await pipeline(Readable.from([tarball]), extract({ cwd, strip: 1, filter }));
}

async function download(
	{ name, version, integrity }: LockedPackage,
	registry: string,
	signal: AbortSignal,
) {
	const file = `${name.slice(name.indexOf('/') + 1)}-${version}.tgz`;
	const response = await fetch(`${registry}/${name}/-/${file}`, { signal });
	if (!response.ok) throw new LabError(`${name}@${version}: the registry says ${response.status}.`);
	const tarball = Buffer.from(await response.arrayBuffer());
	const [algorithm = '', expected] = integrity.split(/-(.*)/);
	if (createHash(algorithm).update(tarball).digest('base64') !== expected) {
		throw new LabError(`${name}@${version} from the registry is not what the lockfile expects.`);
	}
	return tarball;
}
