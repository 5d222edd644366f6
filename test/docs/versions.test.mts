import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';

import { N8N_1, N8N_VERSION } from '../../dev/lab/index.mts';
import { readPage } from './harness/pages.mts';

it('the documentation lists the tested versions of n8n', () => {
	const { dependencies } = JSON.parse(readFileSync('dev/lab/minimum-n8n/package.json', 'utf8')) as {
		dependencies: Record<string, string>;
	};
	const page = readPage('docs/installation.md');
	expect(page).toContain(`| ${N8N_VERSION} `);
	expect(page).toContain(`| ${N8N_1.version} `);
	for (const [name, version] of Object.entries(dependencies)) {
		expect(page).toContain(`${name} ${version}`);
	}
});
