import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { waitFor } from '../support/jest.mts';
import { sweepTemporaryFolders } from '../../dev/lab/temporary.mts';
import { groupIsAlive } from './harness/processes.mts';

const script = fileURLToPath(new URL('harness/startAndWait.mts', import.meta.url));

async function startInAProcessOfItsOwn() {
	const owner = spawn(process.execPath, ['--import', 'tsx', script], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const [line] = (await once(owner.stdout, 'data')) as [Buffer];
	return { owner, n8n: JSON.parse(line.toString()) as { pid: number; userFolder: string } };
}

test('Ctrl-C ends n8n and deletes its folder', async () => {
	const { owner, n8n } = await startInAProcessOfItsOwn();
	expect(groupIsAlive(n8n.pid)).toBe(true);
	owner.kill('SIGINT');
	const [, signal] = (await once(owner, 'exit')) as [number | null, string | null];
	expect(signal).toBe('SIGINT');
	expect(existsSync(n8n.userFolder)).toBe(false);
	await waitFor(() => expect(groupIsAlive(n8n.pid)).toBe(false));
});

test('n8n ends when the process that started it is killed; the next one sweeps', async () => {
	const { owner, n8n } = await startInAProcessOfItsOwn();
	owner.kill('SIGKILL');
	await once(owner, 'exit');
	await waitFor(() => expect(groupIsAlive(n8n.pid)).toBe(false));
	await sweepTemporaryFolders();
	expect(existsSync(n8n.userFolder)).toBe(false);
});
