import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

import { RESOURCES } from '../../nodes/MindPeeker/resources/index.ts';
import { EVENT_TYPES } from '../../nodes/shared/events/index.ts';

const readme = readFileSync('README.md', 'utf8');

describe('the README', () => {
	it('lists the events of the catalogue, in its order and words', () => {
		const rows = [...readme.matchAll(/^\| `([a-z_]+\.[a-z_]+)`\s*\| (.*?)\s*\|$/gm)];
		expect(rows.map(([, type, description]) => ({ type, description }))).toEqual(
			EVENT_TYPES.map(({ type, description }) => ({ type, description })),
		);
	});

	it('lists the operations of the node, in its order and names', () => {
		const rows = [...readme.matchAll(/^\| \*\*(.+?): (.+?)\*\*\s*\|/gm)];
		const operations = RESOURCES.flatMap(({ name, operations }) =>
			operations.map((operation) => [name, operation.name]),
		);
		expect(rows.map(([, resource, operation]) => [resource, operation])).toEqual(operations);
	});
});
