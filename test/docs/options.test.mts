import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { describe, expect, it } from '@jest/globals';

import { MindPeekerTrigger } from '../../nodes/MindPeekerTrigger/MindPeekerTrigger.node.ts';
import { SETTINGS } from '../../nodes/MindPeekerTrigger/settings.ts';
import { readPage } from './harness/pages.mts';

const page = readPage('docs/options.md');
const { properties } = new MindPeekerTrigger().description;
const options = properties.find(({ name }) => name === 'options')?.options as INodeProperties[];

/** The cells of each row, without the link of the first one. */
const rows = [...page.matchAll(/^\| *\[(.+?)\]\(#.+?\) *\|(.+?)\|(.+?)\|$/gm)].map(
	([, name = '', missing = '', added = '']) => [name, missing.trim(), added.trim()] as const,
);

/** How the table shows a value, for example `no limit`. */
function describeValue({ name, options: choices }: INodeProperties, value: unknown): string {
	if (name === 'allowedIps')
		return value === undefined ? 'all addresses' : "MindPeeker's two addresses";
	if (typeof value === 'boolean') return value ? 'on' : 'off';
	if (name === 'batchWindow') return `${String(value)} milliseconds`;
	if (typeof value === 'number') return value === 0 ? 'no limit' : String(value);
	return (choices as INodePropertyOptions[]).find((choice) => choice.value === value)!.name;
}

describe('the table in docs/options.md', () => {
	it.each(options.map((option) => [option.displayName, option] as const))(
		'has the default of the option %s, and its value when it is added',
		(label, option) => {
			const { valueIfMissing, editorDefault } = SETTINGS[option.name as keyof typeof SETTINGS];
			const values = [valueIfMissing, editorDefault].map((value) => describeValue(option, value));
			expect(rows.find(([name]) => name === label)).toEqual([label, ...values]);
		},
	);

	it('lists only existing parameters and options', () => {
		const existing = [...options, ...properties].map(({ displayName }) => displayName);
		expect(rows.map(([name]) => name).filter((name) => !existing.includes(name))).toEqual([]);
	});
});
