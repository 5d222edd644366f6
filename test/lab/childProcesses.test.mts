import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { waitFor } from '../support/jest.mts';
import { deleteStaleFolders } from '../../dev/lab/temporaryFolder.mts';
import { isGroupAlive } from './harness/processes.mts';

const script = fileURLToPath(new URL('harness/startAndWait.mts', import.meta.url));

async function startN8nInChildProcess() {
	const parent = spawn(process.execPath, ['--import', 'tsx', script], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const [line] = (await once(parent.stdout, 'data')) as [Buffer];
	return { parent, n8n: JSON.parse(line.toString()) as { pid: number; userFolder: string } };
}

test('Ctrl-C stops n8n and deletes its user folder', async () => {
	const { parent, n8n } = await startN8nInChildProcess();
	expect(isGroupAlive(n8n.pid)).toBe(true);
	parent.kill('SIGINT');
	const [, signal] = (await once(parent, 'exit')) as [number | null, string | null];
	expect(signal).toBe('SIGINT');
	expect(existsSync(n8n.userFolder)).toBe(false);
	await waitFor(() => expect(isGroupAlive(n8n.pid)).toBe(false));
});

test('n8n exits when its parent process is killed, and the next process deletes its user folder', async () => {
	const { parent, n8n } = await startN8nInChildProcess();
	parent.kill('SIGKILL');
	await once(parent, 'exit');
	await waitFor(() => expect(isGroupAlive(n8n.pid)).toBe(false));
	await deleteStaleFolders();
	expect(existsSync(n8n.userFolder)).toBe(false);
});
