import { expect, it } from '@jest/globals';

import {
	wereReceivedByThisProcess,
	trackAcceptance,
} from '../../../nodes/MindPeekerTrigger/deduplication/databaseDeduplication.ts';

it('events count as received by this process only if it received each of them', () => {
	const [first, second, foreign] = [{ id: 'evt_1' }, { id: 'evt_2' }, { id: 'evt_1' }];
	for (const event of [first, second]) trackAcceptance(event, Promise.resolve(true));
	expect(wereReceivedByThisProcess([first, second])).toBe(true);
	expect(wereReceivedByThisProcess([first, foreign])).toBe(false);
	expect(wereReceivedByThisProcess([foreign])).toBe(false);
});
