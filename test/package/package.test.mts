import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extract } from 'tar';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { buildPackage } from '../../dev/testEnvironment/buildPackage.mts';

const root = process.cwd();
const SCAN = join(import.meta.dirname, 'harness/scan.mjs');
const folder = mkdtempSync(join(tmpdir(), 'mindpeeker-package-'));
const packed = join(folder, 'package');
let files: string[];
let scan: { packed: object; sources: object; publint: object[] };

beforeAll(async () => {
	await extract({ file: await buildPackage(), cwd: folder });
	files = readdirSync(packed, { recursive: true, encoding: 'utf8' })
		.filter((name) => statSync(join(packed, name)).isFile())
		.map((name) => name.replaceAll('\\', '/'));
	scan = JSON.parse(
		execFileSync(process.execPath, [SCAN, packed, root], {
			encoding: 'utf8',
			// With "test", one of the rules reports every file.
			env: { ...process.env, NODE_ENV: 'production' },
		}),
	) as typeof scan;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the package as npm packs it', () => {
	it('contains only dist, README, LICENSE and package.json', () => {
		const topLevel = [...new Set(files.map((name) => name.split('/')[0]))].sort();
		expect(topLevel).toEqual(['LICENSE', 'README.md', 'dist', 'package.json']);
	});

	it('contains only files that n8n loads in dist', () => {
		const inDist = files.filter((name) => name.startsWith('dist/'));
		for (const name of inDist)
			expect(name).toMatch(/^dist\/(credentials|nodes)\/.*\.(js|json|svg)$/);
	});

	it('is smaller than 280 kB unpacked', () => {
		const size = files.reduce((sum, name) => sum + statSync(join(packed, name)).size, 0);
		expect(size).toBeGreaterThan(10_000);
		expect(size).toBeLessThan(280_000);
	});

	it('has no runtime dependency, and n8n-workflow as its only peer dependency', () => {
		const { dependencies, peerDependencies } = JSON.parse(
			readFileSync(join(packed, 'package.json'), 'utf8'),
		) as Record<string, unknown>;
		expect(dependencies).toBeUndefined();
		expect(peerDependencies).toEqual({ 'n8n-workflow': '*' });
	});

	it("requires only n8n-workflow and Node's modules", () => {
		const scripts = files.filter((name) => name.endsWith('.js'));
		const required = scripts.flatMap((name) =>
			[...readFileSync(join(packed, name), 'utf8').matchAll(/require\("([^."][^"]*)"\)/g)].map(
				([, module]) => module,
			),
		);
		expect([...new Set(required)].sort()).toEqual(['n8n-workflow', 'node:crypto']);
	});

	it('lists every node and credential that it contains', () => {
		const { n8n } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
			n8n: Record<'nodes' | 'credentials', string[]>;
		};
		const contained = files.filter((name) => /\.(node|credentials)\.js$/.test(name)).sort();
		expect([...n8n.credentials, ...n8n.nodes].sort()).toEqual(contained);
	});

	it('has no publint messages', () => {
		expect(scan.publint).toEqual([]);
	});
});

describe("n8n's scan of community packages finds nothing", () => {
	it('in the package', () => {
		expect(scan.packed).toMatchObject({ passed: true });
	});

	it('in the sources', () => {
		expect(scan.sources).toEqual({ passed: true });
	});
});
