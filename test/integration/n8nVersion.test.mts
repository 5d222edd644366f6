import 'n8n-core';
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

/** The folder whose n8n the configuration of this project names. */
declare const n8nFolder: string;

/** The folders that a package has been loaded from. */
function foldersOf(name: string): string[] {
	const paths = Object.keys(createRequire(import.meta.url).cache);
	const folders = paths.map((path) => new RegExp(`^.*/node_modules/${name}(?=/)`).exec(path)?.[0]);
	return [...new Set(folders)].filter((folder) => folder !== undefined);
}

it.each(['n8n-core', 'n8n-workflow'])(
	'the nodes run with one copy of %s, the intended one',
	(name) => {
		expect(foldersOf(name)).toEqual([realpathSync(join(n8nFolder, 'node_modules', name))]);
	},
);
