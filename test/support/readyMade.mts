import { readdirSync, readFileSync } from 'node:fs';

import type { WorkflowImport } from '../../dev/lab/index.mts';

const FOLDER = 'workflows';
/** What a user replaces in the ready-made workflows. */
const PLACEHOLDERS = {
	chat: 'https://chat.example.com/your-webhook',
	system: 'https://system.example.com/sessions',
	hook: 'https://hooks.example.com/mindpeeker',
};

/** Names of the files of the ready-made workflows, without their ending. */
export const READY_MADE = readdirSync(FOLDER)
	.filter((file) => file.endsWith('.json'))
	.map((file) => file.replace(/\.json$/, ''));

/** A file as it is. */
export function textOf(name: string): string {
	return readFileSync(`${FOLDER}/${name}.json`, 'utf8');
}

/** A workflow whose placeholders lead to a server's paths of the same names. */
export function workflowOf(name: string, serverUrl = 'http://127.0.0.1:9'): WorkflowImport {
	const replaced = Object.entries(PLACEHOLDERS).reduce(
		(text, [path, placeholder]) => text.replaceAll(placeholder, `${serverUrl}/${path}`),
		textOf(name),
	);
	return JSON.parse(replaced) as WorkflowImport;
}
