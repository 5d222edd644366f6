import { expect, it } from '@jest/globals';

import {
	ATTEMPTS,
	LAST_ATTEMPT_MS,
	PENDING_TIMEOUT_MS,
	RETRY_WINDOW_MINUTES,
	SECRET_OVERLAP_HOURS,
} from '../../nodes/shared/retrySchedule.ts';

it('the schedule has the documented values', () => {
	expect(ATTEMPTS).toBe(7);
	expect(LAST_ATTEMPT_MS).toBe(((1 * 60 + 42) * 60 + 35) * 1_000);
	expect(RETRY_WINDOW_MINUTES).toBe(103);
	expect(SECRET_OVERLAP_HOURS).toBe(2);
	expect(PENDING_TIMEOUT_MS).toBe(30 * 60_000);
});
