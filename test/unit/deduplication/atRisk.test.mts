import { expect, it } from '@jest/globals';

import { AtRisk } from '../../../nodes/MindPeekerTrigger/deduplication/atRisk.ts';

const isMissing = () => true;
const hasStayed = () => false;

it('keeps an entry until it is found after a while', () => {
	const atRisk = new AtRisk();
	atRisk.add(['a'], 0);
	atRisk.settle(['a'], hasStayed, 500);
	expect(atRisk.entries()).toEqual(['a']);
	expect(atRisk.size).toBe(1);
	atRisk.settle(['a'], hasStayed, 3_000);
	expect(atRisk.entries()).toEqual([]);
	expect(atRisk.size).toBe(0);
});

it('keeps an entry as long again that was missing', () => {
	const atRisk = new AtRisk();
	atRisk.add(['a', 'b'], 0);
	atRisk.settle(['a', 'b'], (entry) => entry === 'a', 2_900);
	atRisk.settle(['a', 'b'], hasStayed, 3_500);
	expect(atRisk.entries()).toEqual(['a']);
	atRisk.settle(['a'], isMissing, 10_000);
	expect(atRisk.has('a')).toBe(true);
});

it('keeps what was added while it was being recorded', () => {
	const atRisk = new AtRisk();
	atRisk.add(['a'], 0);
	atRisk.add(['b'], 3_000);
	atRisk.settle(['a'], hasStayed, 3_000);
	expect(atRisk.entries()).toEqual(['b']);
});

it('is not moved by what it does not have', () => {
	const atRisk = new AtRisk();
	atRisk.settle(['a'], hasStayed, 1_000);
	expect(atRisk.entries()).toEqual([]);
});

it('lets the oldest go where there are too many', () => {
	const atRisk = new AtRisk();
	atRisk.add(
		Array.from({ length: 1_500 }, (_, index) => String(index)),
		0,
	);
	expect(atRisk.entries()).toHaveLength(1_000);
	expect(atRisk.has('499')).toBe(false);
	expect(atRisk.has('500')).toBe(true);
});
