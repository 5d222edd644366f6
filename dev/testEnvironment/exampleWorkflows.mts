import { readdirSync, readFileSync } from 'node:fs';

import type { WorkflowImport } from '../lab/index.mts';

const FOLDER = 'workflows';
/** The URLs that a user replaces in the example workflows. */
const PLACEHOLDERS = {
	chat: 'https://chat.example.com/your-webhook',
	system: 'https://system.example.com/sessions',
	hook: 'https://hooks.example.com/mindpeeker',
};

/** The file names of the example workflows, without `.json`. */
export const EXAMPLE_WORKFLOWS = readdirSync(FOLDER)
	.filter((file) => file.endsWith('.json'))
	.map((file) => file.replace(/\.json$/, ''));

/** The text of the file. */
export function readExample(name: string): string {
	return readFileSync(`${FOLDER}/${name}.json`, 'utf8');
}

/** Parses a workflow. Its placeholders are replaced with paths of the same names on a server. */
export function loadExample(name: string, serverUrl = 'http://127.0.0.1:9'): WorkflowImport {
	const replaced = Object.entries(PLACEHOLDERS).reduce(
		(text, [path, placeholder]) => text.replaceAll(placeholder, `${serverUrl}/${path}`),
		readExample(name),
	);
	return JSON.parse(replaced) as WorkflowImport;
}
