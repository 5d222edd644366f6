import { expect, it } from '@jest/globals';

import {
	wereReceivedByOtherProcess,
	trackAcceptance,
} from '../../../nodes/MindPeekerTrigger/deduplication/databaseDeduplication.ts';

it('events count as received by another process unless this one received each of them', () => {
	const [first, second, foreign] = [{ id: 'evt_1' }, { id: 'evt_2' }, { id: 'evt_1' }];
	for (const event of [first, second]) trackAcceptance(event, Promise.resolve(true));
	expect(wereReceivedByOtherProcess([first, second])).toBe(false);
	expect(wereReceivedByOtherProcess([first, foreign])).toBe(true);
	expect(wereReceivedByOtherProcess([foreign])).toBe(true);
});
