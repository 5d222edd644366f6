import { expect, it } from '@jest/globals';

import { isSuccess } from '../../../nodes/MindPeekerTrigger/reception/reception.ts';

it.each([
	[200, true],
	[204, true],
	[299, true],
	[300, false],
	[401, false],
	[500, false],
])('an answer of %d tells MindPeeker that the event was taken: %s', (status, isTaken) => {
	expect(isSuccess(status)).toBe(isTaken);
});
