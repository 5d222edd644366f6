import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { waitFor } from '../support/jest.mts';
import { cachedBuild } from '../../dev/lab/cachedBuild.mts';
import { LabError } from '../../dev/lab/index.mts';

let cache: string;
let folder: string;

beforeEach(async () => {
	cache = await mkdtemp(join(tmpdir(), 'lab-cache-'));
	folder = join(cache, 'folder');
});

afterEach(async () => {
	await rm(cache, { recursive: true });
});

test('with two concurrent calls, one builds and the other waits', async () => {
	const onWait = jest.fn();
	const build = jest.fn(async (staging: string) => {
		await waitFor(() => expect(onWait).toHaveBeenCalled());
		await writeFile(join(staging, 'file'), 'complete');
	});
	const call = async () => await cachedBuild({ folder, build, onWait });
	const [one, other] = await Promise.all([call(), call()]);
	expect(one).toBe(other);
	expect(build).toHaveBeenCalledTimes(1);
	expect(onWait).toHaveBeenCalledTimes(1);
});

test('a failed build leaves no files, and the next call builds again', async () => {
	const fail = async (staging: string) => {
		await writeFile(join(staging, 'partial'), '');
		throw new LabError('no network');
	};
	await expect(cachedBuild({ folder, build: fail })).rejects.toThrow('no network');
	expect(await readdir(cache)).toEqual([]);

	const build = async (staging: string) => await writeFile(join(staging, 'complete'), '');
	await cachedBuild({ folder, build });
	expect(await readdir(folder)).toEqual(['complete']);
});

test('the files of a build that was killed are not used', async () => {
	const staging = `${folder}.unfinished`;
	await mkdir(staging);
	await writeFile(join(staging, 'partial'), '');
	await cachedBuild({
		folder,
		build: async (target) => {
			expect(target).toBe(staging);
			await writeFile(join(target, 'complete'), '');
		},
	});
	expect(await readdir(folder)).toEqual(['complete']);
	expect(existsSync(staging)).toBe(false);
});
