import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { runNpm } from '../../dev/lab/npm.mts';
import { NpmRegistry } from '../support/npmRegistry.mts';

const { name, version } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<
	'name' | 'version',
	string
>;
const folder = mkdtempSync(join(tmpdir(), 'mindpeeker-release-'));
const file = join(folder, `${name}-${version}.tgz`);
let output: string;
let notes: string;

beforeAll(() => {
	output = execFileSync('npx', ['--no-install', 'tsx', 'dev/scripts/pack.mts', folder], {
		encoding: 'utf8',
		shell: process.platform === 'win32',
	});
	notes = readFileSync(join(folder, 'notes.md'), 'utf8');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the packed release', () => {
	it('consists of the .tgz and its notes', () => {
		expect(readdirSync(folder).sort()).toEqual([`${name}-${version}.tgz`, 'notes.md']);
	});

	it('has the checksum that npm computes for the .tgz', async () => {
		const args = ['pack', file, '--dry-run', '--json', '--loglevel=error'];
		const [packed] = JSON.parse((await runNpm({ args, cwd: folder })).join('\n')) as [
			{ integrity: string },
		];
		expect(output.trimEnd().split('\n').at(-1)).toBe(`${name} ${version} ${packed.integrity}`);
		expect(notes).toContain(`\`${packed.integrity}\``);
	});

	it('is published by npm as it is, with this checksum', async () => {
		const registry = await new NpmRegistry().start();
		try {
			const integrity = await registry.publish(file);
			expect(output).toContain(integrity);
			expect(registry.published).toEqual([readFileSync(file)]);
		} finally {
			await registry.stop();
		}
	});

	it("has the value of n8n's variable in its notes", () => {
		const [, value = ''] = /^N8N_COMMUNITY_PACKAGES=(.*)$/m.exec(notes) ?? [];
		const checksum = output.trimEnd().split(' ').at(-1);
		expect(JSON.parse(value)).toEqual([{ name, version, checksum }]);
	});
});
