import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { Batches, type Seat } from '../../../nodes/MindPeekerTrigger/reception/batches.ts';

let batches: Batches;
beforeEach(() => {
	jest.useFakeTimers();
	batches = new Batches();
});
afterEach(() => void jest.useRealTimers());

const eventOf = (id: string) => ({ id, type: 'session.completed', data: {} });
const idsOf = async ({ carrier }: Seat) => (await carrier?.events)?.map(({ id }) => id);

describe('a batch', () => {
	it('without a window has one event, and waits for nothing', async () => {
		const limits = { batchSize: 10, batchWindow: 0 };
		const seats = ['evt_1', 'evt_2'].map((id) => batches.board(eventOf(id), limits));
		expect(await Promise.all(seats.map(idsOf))).toEqual([['evt_1'], ['evt_2']]);
	});

	it('is not closed by the window of one that was full before', async () => {
		const limits = { batchSize: 2, batchWindow: 1_000 };
		batches.board(eventOf('evt_1'), limits);
		batches.board(eventOf('evt_2'), limits);
		await jest.advanceTimersByTimeAsync(500);
		const seat = batches.board(eventOf('evt_3'), limits);
		await jest.advanceTimersByTimeAsync(600);
		batches.board(eventOf('evt_4'), limits);
		expect(await idsOf(seat)).toEqual(['evt_3', 'evt_4']);
	});
});
