import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from 'tar';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { LockedPackage } from '../../dev/lab/lockfile.mts';
import { placePackages } from '../../dev/lab/placePackages.mts';

let root: string;
let tarball: Buffer;
let server: Server;
let requests: string[] = [];
let folder: string;

beforeAll(async () => {
	root = await mkdtemp(join(tmpdir(), 'lab-packages-'));
	await mkdir(join(root, 'package'));
	for (const file of ['index.js', 'index.js.map', 'index.d.ts']) {
		await writeFile(join(root, 'package', file), '');
	}
	const file = join(root, 'package.tgz');
	await create({ cwd: root, gzip: true, file }, ['package']);
	tarball = await readFile(file);
	server = createServer((request, response) => {
		requests.push(request.url ?? '');
		response.writeHead(request.url?.includes('missing') ? 404 : 200).end(tarball);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

beforeEach(async () => {
	requests = [];
	folder = await mkdtemp(join(root, 'placed-'));
});

afterAll(async () => {
	server.close();
	await rm(root, { recursive: true });
});

function locked(name: string, change: Partial<LockedPackage> = {}): LockedPackage {
	const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
	return { path: `node_modules/${name}`, name, version: '1.0.0', integrity, ...change };
}

async function place(...packages: LockedPackage[]): Promise<void> {
	const registry = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const signal = new AbortController().signal;
	await placePackages({ packages, registry, folder, onPlaced: () => {}, signal });
}

test('packages are where npm puts them, without what n8n never loads', async () => {
	await place(locked('a'), locked('@b/c', { path: 'node_modules/a/node_modules/@b/c' }));
	expect(requests.sort()).toEqual(['/@b/c/-/c-1.0.0.tgz', '/a/-/a-1.0.0.tgz']);
	expect(await readdir(join(folder, 'node_modules/a/node_modules/@b/c'))).toEqual(['index.js']);
});

test('what is placed already is not fetched again', async () => {
	await place(locked('a'));
	await expect(place(locked('a'), locked('missing'))).rejects.toThrow('the registry says 404');
	await place(locked('a'), locked('b'));
	expect(requests).toEqual([
		'/a/-/a-1.0.0.tgz',
		'/missing/-/missing-1.0.0.tgz',
		'/b/-/b-1.0.0.tgz',
	]);
});

test('a package that is not the one of the lockfile is refused', async () => {
	const other = locked('a', { integrity: 'sha512-AAAA' });
	await expect(place(other)).rejects.toThrow('not what the lockfile expects');
	await expect(readdir(join(folder, 'node_modules/a'))).rejects.toThrow('ENOENT');
});
