import type { INodeProperties } from 'n8n-workflow';
import { describe, expect, it } from '@jest/globals';

import { MindPeekerTrigger } from '../../nodes/MindPeekerTrigger/MindPeekerTrigger.node.ts';
import { readPage } from './harness/pages.mts';

const page = readPage('docs/options.md');
const { properties } = new MindPeekerTrigger().description;
const options = properties.find(({ name }) => name === 'options')?.options as INodeProperties[];
const names = options.map(({ displayName }) => displayName);

/** The first cell of each row, without its link. A row may name several options. */
const rows = [...page.matchAll(/^\| *\[(.+?)\]\(#.+?\) *\|/gm)].map(([, name = '']) => name);
const documented = rows.flatMap((row) => row.split(' and '));

describe('the table in docs/options.md', () => {
	it.each(names)('has a row for the option %s', (name) => {
		expect(documented).toContain(name);
	});

	it('lists only existing parameters and options', () => {
		const existing = [...names, ...properties.map(({ displayName }) => displayName)];
		expect(documented.filter((name) => !existing.includes(name))).toEqual([]);
	});
});
