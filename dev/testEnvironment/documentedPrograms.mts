import { findExecutable } from '../lab/findExecutable.mts';

/** Programs that the documentation configures. Debian's packages have the same names. */
export const DOCUMENTED_PROGRAMS = ['caddy', 'jq', 'nginx'] as const;
type DocumentedProgram = (typeof DOCUMENTED_PROGRAMS)[number];

/** Returns the program's path, or its name if it is not installed. */
export function findProgram(name: DocumentedProgram): string {
	return find(name) ?? name;
}

/** Returns how to install a program, or undefined if it is installed. */
export function findMissingProgram(name: DocumentedProgram): string | undefined {
	return find(name) ? undefined : `${name} was not found. Install it (apt-get install ${name}).`;
}

function find(name: DocumentedProgram): string | undefined {
	return findExecutable([name], ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin']);
}
