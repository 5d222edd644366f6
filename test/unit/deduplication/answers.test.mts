import { expect, it } from '@jest/globals';

import {
	areReceivedHere,
	noteAnswer,
} from '../../../nodes/MindPeekerTrigger/deduplication/answers.ts';

it('events are received here only where this process received each of them', () => {
	const [own, other, foreign] = [{ id: 'evt_1' }, { id: 'evt_2' }, { id: 'evt_1' }];
	for (const event of [own, other]) noteAnswer(event, Promise.resolve());
	expect(areReceivedHere([own, other])).toBe(true);
	expect(areReceivedHere([own, foreign])).toBe(false);
	expect(areReceivedHere([foreign])).toBe(false);
});
