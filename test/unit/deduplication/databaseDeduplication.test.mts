import { expect, it } from '@jest/globals';

import {
	receivedByThisProcess,
	trackResponse,
} from '../../../nodes/MindPeekerTrigger/deduplication/databaseDeduplication.ts';

it('events count as received by this process only if it received each of them', () => {
	const [first, second, foreign] = [{ id: 'evt_1' }, { id: 'evt_2' }, { id: 'evt_1' }];
	for (const event of [first, second]) trackResponse(event, Promise.resolve());
	expect(receivedByThisProcess([first, second])).toBe(true);
	expect(receivedByThisProcess([first, foreign])).toBe(false);
	expect(receivedByThisProcess([foreign])).toBe(false);
});
