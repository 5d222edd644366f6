import { OperationalError } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { fakeOnly } from '../support/jest.mts';

import { whileTimeLasts } from '../../nodes/shared/whileTimeLasts.ts';

describe('one call after the other', () => {
	beforeEach(() => void jest.useFakeTimers(fakeOnly('performance')));
	afterEach(() => void jest.useRealTimers());

	function callForEach(count: number, msEach: number): number[] {
		const called: number[] = [];
		const all = Array.from({ length: count }, (_, index) => index);
		for (const one of whileTimeLasts(all, 120_000)) {
			called.push(one);
			jest.advanceTimersByTime(msEach);
		}
		return called;
	}

	it('is made for all that there is, in order', () => {
		expect(callForEach(4, 30_000)).toEqual([0, 1, 2, 3]);
	});

	it('is given up when the time is over, with what to do', () => {
		expect(() => callForEach(5, 30_000)).toThrow(OperationalError);
		expect(() => callForEach(5, 30_000)).toThrow(/that 2 minutes were not enough\. Try again/);
		expect(callForEach(5, 29_999)).toHaveLength(5);
	});
});
