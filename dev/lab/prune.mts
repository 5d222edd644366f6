import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isNeverLoaded } from './neverLoaded.mts';

/** Deletes the files below a folder that a running n8n never loads. */
export async function prune(folder: string): Promise<void> {
	const entries = await readdir(folder, { withFileTypes: true });
	await Promise.all(
		entries.map(async (entry) => {
			const path = join(folder, entry.name);
			if (entry.isDirectory()) await prune(path);
			else if (isNeverLoaded(entry.name)) await unlink(path);
		}),
	);
}
