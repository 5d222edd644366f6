import { mkdtempSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deleteFolderOnExit } from './childProcesses.mts';
import { getErrorCode } from './errors.mts';

const PREFIX = 'n8n-nodes-mindpeeker-lab-';

/** Creates a folder that is deleted when this process exits. After a SIGKILL, `deleteStaleFolders` deletes it. */
export function createTemporaryFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
	deleteFolderOnExit(folder);
	return folder;
}

/** Deletes the temporary folders of processes that no longer run. */
export async function deleteStaleFolders(): Promise<void> {
	const stale = readdirSync(tmpdir()).filter((name) => {
		const pid = name.startsWith(PREFIX) && Number.parseInt(name.slice(PREFIX.length), 10);
		return pid && !isRunning(pid);
	});
	await Promise.all(
		stale.map((name) =>
			// Another process may be deleting the same folder.
			rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => {}),
		),
	);
}

function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return getErrorCode(error) === 'EPERM';
	}
}
