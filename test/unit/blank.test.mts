import { expect, it } from '@jest/globals';

import { isBlank } from '../../nodes/shared/blank.ts';

it.each([undefined, null, '', ' \t\n', [], ['', null], [[' ']]])('%j is blank', (value) => {
	expect(isBlank(value)).toBe(true);
});

it.each([0, false, NaN, 'x', ' x ', [0], [['x']], {}])('%j is not blank', (value) => {
	expect(isBlank(value)).toBe(false);
});
