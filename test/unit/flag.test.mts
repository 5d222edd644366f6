import { expect, it } from '@jest/globals';

import { flagOf } from '../../nodes/shared/flag.ts';

it.each<[unknown, boolean | undefined]>([
	[true, true],
	[false, false],
	[' TRUE ', true],
	['false', false],
	['', undefined],
	['yes', undefined],
	[1, undefined],
	[null, undefined],
	[undefined, undefined],
	[{ toString: '' }, undefined],
])('%j says %j', (value, flag) => {
	expect(flagOf(value)).toBe(flag);
});
