import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { waitFor } from '../support/jest.mts';
import { installN8n, LabError } from '../../dev/lab/index.mts';
import { madeOnce } from '../../dev/lab/madeOnce.mts';

let cache: string;

const setEnv = (variables: NodeJS.ProcessEnv) =>
	void jest.replaceProperty(process, 'env', { ...process.env, ...variables });

beforeEach(async () => {
	cache = await mkdtemp(join(tmpdir(), 'lab-cache-'));
});

afterEach(async () => {
	await rm(cache, { recursive: true });
});

test('what is installed is found at once, by several at a time, too', async () => {
	const installation = await installN8n();
	const onProgress = jest.fn();
	const again = async () => await installN8n({ onProgress });
	expect(await Promise.all([again(), again()])).toEqual([installation, installation]);
	expect(onProgress).not.toHaveBeenCalled();
	expect(existsSync(installation.n8nBinary)).toBe(true);
});

test('a cache folder that cannot be written is said', async () => {
	await writeFile(join(cache, 'file'), '');
	setEnv({ N8N_LAB_DIR: join(cache, 'file', 'below') });
	const error = await installN8n().catch((reason: unknown) => reason);
	expect(error).toBeInstanceOf(LabError);
	expect((error as Error).message).toContain('Set N8N_LAB_DIR to a folder that can');
});

test('a first installation without a network is said, and leaves nothing', async () => {
	setEnv({
		N8N_LAB_DIR: join(cache, 'lab'),
		npm_config_cache: join(cache, 'npm'),
		npm_config_registry: 'http://127.0.0.1:9/', // nothing listens there
	});
	const error = await installN8n().catch((reason: unknown) => reason);
	expect(error).toBeInstanceOf(LabError);
	expect((error as Error).message).toContain("check that npm's registry can be reached");
	expect((error as Error).message).not.toMatch(/^\s+at /m);
	expect(await readdir(join(cache, 'lab'))).toEqual([]);
});

test('of two that want it at once, one makes it and the other waits', async () => {
	const onWait = jest.fn();
	const build = jest.fn(async (staging: string) => {
		await waitFor(() => expect(onWait).toHaveBeenCalled());
		await writeFile(join(staging, 'made'), 'whole');
	});
	const want = async () => await madeOnce({ folder: join(cache, 'thing'), build, onWait });
	const [one, other] = await Promise.all([want(), want()]);
	expect(one).toBe(other);
	expect(build).toHaveBeenCalledTimes(1);
	expect(onWait).toHaveBeenCalledTimes(1);
});

test('what was interrupted is not taken for whole; the next one goes on with it', async () => {
	const interrupted = async (staging: string) => {
		await writeFile(join(staging, 'half'), 'half');
		throw new LabError('no network');
	};
	const attempt = madeOnce({ folder: join(cache, 'thing'), build: interrupted, onWait: () => {} });
	await expect(attempt).rejects.toThrow('no network');
	expect(existsSync(join(cache, 'thing'))).toBe(false);

	const goOn = async (staging: string) => {
		const half = await readFile(join(staging, 'half'), 'utf8');
		await writeFile(join(staging, 'whole'), `${half} and half`);
	};
	const folder = await madeOnce({ folder: join(cache, 'thing'), build: goOn, onWait: () => {} });
	expect(await readFile(join(folder, 'whole'), 'utf8')).toBe('half and half');
});
