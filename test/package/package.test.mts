import {
	analyzePackage,
	SOURCE_FILE_PATTERNS,
} from '@n8n/scan-community-package/scanner/scanner.mjs';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publint } from 'publint';
import { extract } from 'tar';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { packedPackage } from '../../stage/packedPackage.mts';

const root = process.cwd();
const folder = mkdtempSync(join(tmpdir(), 'mindpeeker-package-'));
const packed = join(folder, 'package');
let files: string[];

beforeAll(async () => {
	await extract({ file: await packedPackage(), cwd: folder });
	files = readdirSync(packed, { recursive: true, encoding: 'utf8' })
		.filter((name) => statSync(join(packed, name)).isFile())
		.map((name) => name.replaceAll('\\', '/'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the package as npm packs it', () => {
	it('contains dist, README, LICENSE and package.json, and nothing else', () => {
		const topLevel = [...new Set(files.map((name) => name.split('/')[0]))].sort();
		expect(topLevel).toEqual(['LICENSE', 'README.md', 'dist', 'package.json']);
	});

	it('contains in dist what n8n loads, and nothing else', () => {
		const inDist = files.filter((name) => name.startsWith('dist/'));
		for (const name of inDist)
			expect(name).toMatch(/^dist\/(credentials|icons|nodes)\/.*\.(js|json|svg)$/);
	});

	it('is below 280 kB unpacked', () => {
		const size = files.reduce((sum, name) => sum + statSync(join(packed, name)).size, 0);
		expect(size).toBeGreaterThan(10_000);
		expect(size).toBeLessThan(280_000);
	});

	it('has no dependency at run time, and n8n-workflow as its one peer', () => {
		const { dependencies, peerDependencies } = JSON.parse(
			readFileSync(join(packed, 'package.json'), 'utf8'),
		) as Record<string, unknown>;
		expect(dependencies).toBeUndefined();
		expect(peerDependencies).toEqual({ 'n8n-workflow': '*' });
	});

	it("requires nothing but n8n-workflow and Node's own modules", () => {
		const scripts = files.filter((name) => name.endsWith('.js'));
		const required = scripts.flatMap((name) =>
			[...readFileSync(join(packed, name), 'utf8').matchAll(/require\("([^."][^"]*)"\)/g)].map(
				([, module]) => module,
			),
		);
		expect([...new Set(required)].sort()).toEqual(['n8n-workflow', 'node:crypto']);
	});

	it('names every node, credential and icon that it contains', () => {
		const require = createRequire(import.meta.url);
		const { n8n } = require(join(root, 'package.json')) as {
			n8n: Record<'nodes' | 'credentials', string[]>;
		};
		const contained = files.filter((name) => /\.(node|credentials)\.js$/.test(name)).sort();
		expect([...n8n.credentials, ...n8n.nodes].sort()).toEqual(contained);
	});

	it('has nothing that publint would report', async () => {
		expect(await publint({ pkgDir: packed, pack: false })).toMatchObject({ messages: [] });
	});
});

describe("n8n's scan of community packages finds nothing", () => {
	it('in the package', async () => {
		expect(await analyzePackage(packed)).toMatchObject({ passed: true });
	});

	it('in the sources', async () => {
		expect(await analyzePackage(root, SOURCE_FILE_PATTERNS)).toEqual({ passed: true });
	});
});
