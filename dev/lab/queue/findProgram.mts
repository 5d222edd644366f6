import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../errors.mts';
import { findExecutable } from '../findExecutable.mts';

// Debian installs PostgreSQL's server here, in one folder per version, and not in the PATH.
const DEBIAN = '/usr/lib/postgresql';
const REQUIRED = {
	PostgreSQL: ['initdb', 'postgres', 'psql', 'pg_isready'],
	Redis: ['redis-server'],
};

/** The path of a program. Throws a LabError that says how to install it. */
export function findProgram(name: string): string {
	const found = findPath(name);
	if (!found) throw new LabError(findMissingServices() ?? `${name} was not found.`);
	return found;
}

/** Says which services queue mode needs and how to install them. Undefined if all are installed. */
export function findMissingServices(): string | undefined {
	const missing = Object.entries(REQUIRED)
		.filter(([, programs]) => !programs.every(findPath))
		.map(([service]) => service);
	if (missing.length === 0) return undefined;
	return `Queue mode needs PostgreSQL and Redis. Not found: ${missing.join(', ')}. Install both (apt-get install postgresql redis-server).`;
}

function findPath(name: string): string | undefined {
	return findExecutable([name], listDebianFolders());
}

/** Newest version first. */
function listDebianFolders(): string[] {
	if (!existsSync(DEBIAN)) return [];
	const versions = readdirSync(DEBIAN).sort((one, other) => Number(other) - Number(one));
	return versions.map((version) => join(DEBIAN, version, 'bin'));
}
