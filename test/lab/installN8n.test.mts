import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { installN8n, LabError } from '../../dev/lab/index.mts';

let folder: string;

const setEnv = (variables: NodeJS.ProcessEnv) =>
	void jest.replaceProperty(process, 'env', { ...process.env, ...variables });

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'lab-cache-'));
});

afterEach(async () => {
	await rm(folder, { recursive: true });
});

test('concurrent calls return the cached installation at once', async () => {
	const installation = await installN8n();
	const onProgress = jest.fn();
	const again = async () => await installN8n({ onProgress });
	expect(await Promise.all([again(), again()])).toEqual([installation, installation]);
	expect(onProgress).not.toHaveBeenCalled();
	expect(existsSync(installation.n8nBinary)).toBe(true);
	expect(existsSync(installation.nodeBinary)).toBe(true);
});

test('a cache folder that is not writable causes a clear error', async () => {
	await writeFile(join(folder, 'file'), '');
	setEnv({ N8N_LAB_DIR: join(folder, 'file', 'below') });
	const error = await installN8n().catch((reason: unknown) => reason);
	expect(error).toBeInstanceOf(LabError);
	expect((error as Error).message).toContain('Set N8N_LAB_DIR to a folder that is.');
});

test('a first installation without a network causes a clear error and leaves no files', async () => {
	setEnv({
		N8N_LAB_DIR: join(folder, 'lab'),
		npm_config_cache: join(folder, 'npm'),
		npm_config_registry: 'http://127.0.0.1:9/', // nothing listens on this port
	});
	const error = await installN8n().catch((reason: unknown) => reason);
	expect(error).toBeInstanceOf(LabError);
	expect((error as Error).message).toContain("Check that npm's registry can be reached");
	expect((error as Error).message).not.toMatch(/^\s+at /m);
	expect(await readdir(join(folder, 'lab'))).toEqual([]);
});
