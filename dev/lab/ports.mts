import { randomInt } from 'node:crypto';
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getErrorCode, LabError } from './errors.mts';

const HOST = '127.0.0.1';
// Below the range of ephemeral ports, which outgoing connections use.
const [FIRST, LAST] = [15_000, 32_000];
/** One empty file for each port that a process of this user is about to use. */
const RESERVATIONS = join(tmpdir(), `n8n-lab-ports-${process.getuid?.() ?? 'shared'}`);
const RESERVED_MS = 5 * 60_000;

/** Returns different free ports, and reserves them for 5 minutes. */
export async function freePorts(count: number): Promise<number[]> {
	mkdirSync(RESERVATIONS, { recursive: true });
	const ports: number[] = [];
	while (ports.length < count) {
		const port = randomInt(FIRST, LAST);
		if (reserve(port) && (await isFree(port))) ports.push(port);
	}
	return ports;
}

/** Rejects with a LabError if the port is in use. */
export async function assertPortIsFree(port: number): Promise<void> {
	if (await isFree(port)) return;
	throw new LabError(
		`Port ${port} is in use. Stop the program that uses it, or choose another port.`,
	);
}

function reserve(port: number): boolean {
	const file = join(RESERVATIONS, String(port));
	try {
		writeFileSync(file, '', { flag: 'wx' });
		return true;
	} catch (error) {
		if (getErrorCode(error) !== 'EEXIST') throw error;
		const { mtimeMs = 0 } = statSync(file, { throwIfNoEntry: false }) ?? {};
		if (Date.now() - mtimeMs > RESERVED_MS) rmSync(file, { force: true });
		return false;
	}
}

async function isFree(port: number): Promise<boolean> {
	const server = createServer();
	try {
		await new Promise<void>((resolve, reject) => {
			server.once('error', reject);
			server.listen(port, HOST, resolve);
		});
	} catch (error) {
		if (getErrorCode(error) !== 'EADDRINUSE') throw error;
		return false;
	}
	await new Promise((resolve) => server.close(resolve));
	return true;
}
