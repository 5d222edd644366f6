import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';

import { AnswerTimes } from '../../../nodes/MindPeekerTrigger/journal/answerTimes.ts';

describe('the quantiles of answer times', () => {
	it('are what was noted where all are the same', () => {
		const times = new AnswerTimes();
		for (let index = 0; index < 10; index++) times.note(12);
		expect([times.quantile(0.5), times.quantile(0.99), times.max]).toEqual([12, 12, 12]);
	});

	it('are at most a tenth above the true ones, and never below', () => {
		fc.assert(
			fc.property(
				fc.array(fc.double({ min: 1, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 200 }),
				fc.double({ min: 0.01, max: 1, noNaN: true }),
				(noted, share) => {
					const times = new AnswerTimes();
					for (const ms of noted) times.note(ms);
					const sorted = [...noted].sort((one, other) => one - other);
					const exact = sorted[Math.ceil(noted.length * share) - 1]!;
					expect(times.quantile(share)).toBeGreaterThanOrEqual(exact * 0.999999);
					expect(times.quantile(share)).toBeLessThanOrEqual(exact * 1.1);
				},
			),
		);
	});

	it('of answers within the first millisecond are at most one', () => {
		const times = new AnswerTimes();
		times.note(0);
		expect(times.quantile(0.5)).toBe(0);
		times.note(0.4);
		expect(times.quantile(1)).toBe(0.4);
	});
});
