import { mkdtempSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeOf } from './errors.mts';
import { ownFolder } from './owned.mts';

const PREFIX = 'n8n-nodes-mindpeeker-lab-';

/** A new folder that is deleted when this process ends, or by the next one if this one is killed. */
export function temporaryFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
	ownFolder(folder);
	return folder;
}

/** Deletes what processes that are gone left behind in the folder for temporary files. */
export async function sweepTemporaryFolders(): Promise<void> {
	const left = readdirSync(tmpdir()).filter((name) => {
		const owner = name.startsWith(PREFIX) && Number.parseInt(name.slice(PREFIX.length), 10);
		return owner && !isAlive(owner);
	});
	await Promise.all(
		left.map((name) =>
			// Another process may sweep at the same time; what neither can delete may stay.
			rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => {}),
		),
	);
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return codeOf(error) === 'EPERM';
	}
}
