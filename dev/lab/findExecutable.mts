import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Returns the path of the first of these programs in the PATH or in one of the other folders, if there is any. */
export function findExecutable(
	names: readonly string[],
	otherFolders: readonly string[] = [],
	env: NodeJS.ProcessEnv = process.env,
): string | undefined {
	const folders = [...(env.PATH ?? '').split(delimiter), ...otherFolders];
	const paths = folders.flatMap((folder) => names.map((name) => join(folder, name)));
	return paths.find((path) => existsSync(path));
}
