import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { LabError } from '../errors.mts';

// Debian keeps PostgreSQL's server out of the way, in a folder for each version.
const DEBIAN = '/usr/lib/postgresql';
const NEEDED = {
	PostgreSQL: ['initdb', 'postgres', 'psql', 'pg_isready'],
	Redis: ['redis-server'],
};

/** Where a program is. Throws a LabError that says how to get it where it is nowhere. */
export function programPath(name: string): string {
	const found = find(name);
	if (!found) throw new LabError(missingServices() ?? `There is no ${name}.`);
	return found;
}

/** What queue mode needs and this machine lacks, and how to get it; undefined where all is there. */
export function missingServices(): string | undefined {
	const missing = Object.entries(NEEDED)
		.filter(([, programs]) => !programs.every(find))
		.map(([service]) => service);
	if (missing.length === 0) return undefined;
	return `Queue mode needs PostgreSQL and Redis, and there is no ${missing.join(' and no ')}. Install both (apt-get install postgresql redis-server).`;
}

function find(name: string): string | undefined {
	const onPath = (process.env.PATH ?? '').split(delimiter);
	return [...onPath, ...debianFolders()]
		.map((folder) => join(folder, name))
		.find((path) => existsSync(path));
}

/** The newest version first. */
function debianFolders(): string[] {
	if (!existsSync(DEBIAN)) return [];
	const versions = readdirSync(DEBIAN).sort((one, other) => Number(other) - Number(one));
	return versions.map((version) => join(DEBIAN, version, 'bin'));
}
