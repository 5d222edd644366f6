import 'n8n-core';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, inject, it } from 'vitest';

declare module 'vitest' {
	interface ProvidedContext {
		n8nCore: string | undefined;
	}
}

/** The folders of a package whose CommonJS has been loaded here. */
function loaded(name: string): string[] {
	const paths = Object.keys(createRequire(import.meta.url).cache);
	const folders = paths.map((path) => new RegExp(`^.*/node_modules/${name}(?=/)`).exec(path)?.[0]);
	return [...new Set(folders)].filter((folder) => folder !== undefined);
}

it('the nodes run in the n8n that is meant, and in no other', () => {
	const versions = loaded('n8n-core').map(
		(folder) =>
			(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string })
				.version,
	);
	if (process.env.N8N_HOST) expect(versions).toHaveLength(1);
	else expect(versions).toEqual([inject('n8nCore')]);
	expect(loaded('n8n-workflow')).toHaveLength(1);
});
