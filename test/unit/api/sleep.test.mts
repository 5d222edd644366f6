import { OperationalError } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { fakeOnly } from '../../support/jest.mts';

import { untilDeadline } from '../../../nodes/shared/api/sleep.ts';

describe('untilDeadline', () => {
	beforeEach(() => void jest.useFakeTimers(fakeOnly('performance')));
	afterEach(() => void jest.useRealTimers());

	function iterate(count: number, msEach: number): number[] {
		const yielded: number[] = [];
		const ids = Array.from({ length: count }, (_, index) => index);
		for (const id of untilDeadline(ids, 120_000)) {
			yielded.push(id);
			jest.advanceTimersByTime(msEach);
		}
		return yielded;
	}

	it('yields all in order', () => {
		expect(iterate(4, 30_000)).toEqual([0, 1, 2, 3]);
	});

	it('throws at the deadline', () => {
		expect(() => iterate(5, 30_000)).toThrow(OperationalError);
		expect(() => iterate(5, 30_000)).toThrow(/took longer than 2 minutes\. Try again/);
		expect(iterate(5, 29_999)).toHaveLength(5);
	});
});
