import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';

import { installN8n } from '../../dev/lab/index.mts';
import { PAGES, read } from './harness/fences.mts';

/** Variables that this project reads itself, and where. */
const OWN: Record<string, string> = {
	CHAOS_EVENTS: 'test/chaos/harness/tryCampaign.mts',
	CHAOS_SEED: 'test/chaos/harness/tryCampaign.mts',
	FUZZ_SECONDS: 'test/fuzz/harness/fuzz.mts',
	FUZZ_SEED: 'test/fuzz/harness/fuzz.mts',
	CHROMIUM_PATH: 'test/support/browser.mts',
	N8N_FOLDER: 'jest.config.mjs',
	N8N_LAB_DIR: 'dev/lab/cache.mts',
	QUEUE_COPIES: 'test/queue/queue.test.mts',
	QUEUE_EVENTS: 'test/queue/queue.test.mts',
	UPDATE_FILES: 'test/support/jest.mts',
};
/** Where n8n reads variables. */
const N8N = ['n8n', 'n8n-core', '@n8n/config', '@n8n/backend-common', '@n8n/backend-network'];

const named = [
	...new Set(PAGES.flatMap((page) => read(page).match(/\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b/g) ?? [])),
];

describe('a variable that the documentation names', () => {
	const known = new Set<string>();
	beforeAll(async () => {
		const { directory } = await installN8n();
		for (const name of N8N) {
			const folder = join(directory, 'node_modules', name, 'dist');
			for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
				if (!file.endsWith('.js')) continue;
				const text = readFileSync(join(folder, file), 'utf8');
				for (const variable of named) if (text.includes(variable)) known.add(variable);
			}
		}
	});

	it.each(named.filter((name) => name in OWN))('%s is one of this project', (name) => {
		expect(readFileSync(OWN[name] ?? '', 'utf8')).toContain(name);
	});

	it.each(named.filter((name) => !(name in OWN)))('%s is one of n8n', (name) => {
		expect(known).toContain(name);
	});
});
