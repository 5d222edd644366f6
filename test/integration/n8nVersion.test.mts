import 'n8n-core';
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

/** The n8n folder of this Jest project. */
declare const n8nFolder: string;

/** Returns the folders from which a package was loaded. */
function findFolders(name: string): string[] {
	const paths = Object.keys(createRequire(import.meta.url).cache);
	const folders = paths.map((path) => new RegExp(`^.*/node_modules/${name}(?=/)`).exec(path)?.[0]);
	return [...new Set(folders)].filter((folder) => folder !== undefined);
}

it.each(['n8n-core', 'n8n-workflow'])(
	'the nodes use one copy of %s, from the configured n8n',
	(name) => {
		expect(findFolders(name)).toEqual([realpathSync(join(n8nFolder, 'node_modules', name))]);
	},
);
