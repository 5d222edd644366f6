import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A package in npm's lockfile, by where it goes. */
export interface LockedPackage {
	/** Such as `node_modules/a/node_modules/@b/c`. */
	path: string;
	name: string;
	version: string;
	/** Such as `sha512-…`. */
	integrity: string;
}

interface Entry {
	version: string;
	integrity: string;
	/** Only where it is another one than the path says. */
	name?: string;
	os?: string[];
	cpu?: string[];
	libc?: string[];
}

/** What the lockfile in a folder installs on this platform. */
export async function lockedPackages(folder: string): Promise<LockedPackage[]> {
	const text = await readFile(join(folder, 'package-lock.json'), 'utf8');
	const { packages } = JSON.parse(text) as { packages: Record<string, Entry> };
	return Object.entries(packages)
		.filter(([path, entry]) => path !== '' && fitsThisPlatform(entry))
		.map(([path, { name, version, integrity }]) => ({
			path,
			name: name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
			version,
			integrity,
		}));
}

function fitsThisPlatform({ os, cpu, libc }: Entry): boolean {
	return (
		allows(os, process.platform) &&
		allows(cpu, process.arch) &&
		(process.platform !== 'linux' || allows(libc, LIBC))
	);
}

function allows(list: string[] | undefined, value: string): boolean {
	return (
		!list ||
		list.includes(value) ||
		(list[0]?.startsWith('!') && !list.includes(`!${value}`)) ||
		false
	);
}

const LIBC = libcHere();

function libcHere(): string {
	// Or it asks for the name of each peer, which can take a minute.
	Object.assign(process.report, { excludeNetwork: true });
	const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
	return header?.glibcVersionRuntime ? 'glibc' : 'musl';
}
