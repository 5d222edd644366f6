import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

import { RESOURCES } from '../../nodes/MindPeeker/resources/index.ts';
import { EVENT_TYPES } from '../../nodes/shared/events/eventTypes.ts';

const readme = readFileSync('README.md', 'utf8');

describe('the README', () => {
	it('lists all event types with their descriptions, in the same order', () => {
		const rows = [...readme.matchAll(/^\| `([a-z_]+\.[a-z_]+)`\s*\| (.*?)\s*\|$/gm)];
		expect(rows.map(([, type, description]) => ({ type, description }))).toEqual(
			EVENT_TYPES.map(({ type, description }) => ({ type, description })),
		);
	});

	it('lists all operations of the node, in the same order', () => {
		const rows = [...readme.matchAll(/^\| \*\*(.+?): (.+?)\*\*\s*\|/gm)];
		const operations = RESOURCES.flatMap(({ name, operations }) =>
			operations.map((operation) => [name, operation.name]),
		);
		expect(rows.map(([, resource, operation]) => [resource, operation])).toEqual(operations);
	});
});
