import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';

import { installN8n } from '../../dev/lab/index.mts';
import { COMPOSE_FILES, readN8nServices } from './harness/compose.mts';
import { PAGES, readPage } from './harness/pages.mts';

/** Variables of this project, with a file that reads them. */
const PROJECT_VARIABLES: Record<string, string> = {
	CHAOS_EVENTS: 'test/chaos/harness/testChaos.mts',
	CHAOS_SEED: 'test/chaos/harness/testChaos.mts',
	FUZZ_SECONDS: 'test/fuzz/harness/fuzz.mts',
	FUZZ_SEED: 'test/fuzz/harness/fuzz.mts',
	CHROMIUM_PATH: 'dev/testEnvironment/browser.mts',
	N8N_FOLDER: 'jest.config.mjs',
	N8N_LAB_DIR: 'dev/lab/cache.mts',
	QUEUE_DUPLICATES: 'test/queue/queue.test.mts',
	QUEUE_EVENTS: 'test/queue/queue.test.mts',
	MINDPEEKER_CHECKSUM: 'docker/Dockerfile',
	MINDPEEKER_VERSION: 'docker/Dockerfile',
	WEBHOOK_POLICY: 'docker/Caddyfile',
	UPDATE_FILES: 'test/support/jest.mts',
};
/** Packages in which n8n reads its variables. */
const N8N_PACKAGES = [
	'n8n',
	'n8n-core',
	'@n8n/config',
	'@n8n/backend-common',
	'@n8n/backend-network',
];

const onPages = PAGES.flatMap(
	(page) => readPage(page).match(/\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b/g) ?? [],
);
const inContainers = COMPOSE_FILES.flatMap(readN8nServices).flatMap(({ environment }) =>
	Object.keys(environment ?? {}),
);
const documented = [...new Set([...onPages, ...inContainers])];

describe('a documented environment variable', () => {
	const existing = new Set<string>();
	beforeAll(async () => {
		const { directory } = await installN8n();
		for (const name of N8N_PACKAGES) {
			const folder = join(directory, 'node_modules', name, 'dist');
			for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
				if (!file.endsWith('.js')) continue;
				const text = readFileSync(join(folder, file), 'utf8');
				for (const variable of documented) if (text.includes(variable)) existing.add(variable);
			}
		}
	});

	it.each(documented.filter((name) => name in PROJECT_VARIABLES))(
		'%s exists in this project',
		(name) => {
			expect(readFileSync(PROJECT_VARIABLES[name] ?? '', 'utf8')).toContain(name);
		},
	);

	it.each(documented.filter((name) => !(name in PROJECT_VARIABLES)))('%s exists in n8n', (name) => {
		expect(existing).toContain(name);
	});
});
