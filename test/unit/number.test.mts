import fc from 'fast-check';
import { expect, it } from '@jest/globals';

import { toNumber } from '../../nodes/shared/number.ts';

it.each<[unknown, number]>([
	[0, 0],
	[-2.5, -2.5],
	['40.7', 40.7],
	[' 1e3 ', 1000],
	['0', 0],
	[Infinity, Infinity],
	['', NaN],
	[' \n', NaN],
	['x', NaN],
	['1,5', NaN],
	[null, NaN],
	[undefined, NaN],
	[true, NaN],
	[false, NaN],
	[[], NaN],
	[[7], NaN],
	[{}, NaN],
	[{ valueOf: () => 7 }, NaN],
])('%j is read as %d', (value, number) => {
	expect(toNumber(value)).toBe(number);
});

it('a number written as text is that number', () => {
	fc.assert(
		fc.property(fc.double({ noNaN: true }), (number) => {
			expect(toNumber(String(number)) === number).toBe(true);
		}),
	);
});

it('anything but a number or a text is not a number', () => {
	const other = fc.anything().filter((value) => !/^(number|string)$/.test(typeof value));
	fc.assert(
		fc.property(other, (value) => {
			expect(toNumber(value)).toBe(NaN);
		}),
	);
});
