import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { Batcher, type BatchEntry } from '../../../nodes/MindPeekerTrigger/webhook/batcher.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const createEvent = (id: string) => ({ id, type: 'session.completed', data: {} });

describe('a batch', () => {
	const getIds = async ({ first }: BatchEntry) => (await first?.events)?.map(({ id }) => id);

	it('without a window contains one event and does not wait', async () => {
		const batcher = new Batcher();
		const limits = { batchSize: 10, batchWindow: 0 };
		const entries = ['evt_1', 'evt_2'].map((id) => batcher.add(createEvent(id), limits));
		expect(await Promise.all(entries.map(getIds))).toEqual([['evt_1'], ['evt_2']]);
	});

	it('is not closed by the window of an earlier batch that was full', async () => {
		const batcher = new Batcher();
		const limits = { batchSize: 2, batchWindow: 1_000 };
		batcher.add(createEvent('evt_1'), limits);
		batcher.add(createEvent('evt_2'), limits);
		await jest.advanceTimersByTimeAsync(500);
		const entry = batcher.add(createEvent('evt_3'), limits);
		await jest.advanceTimersByTimeAsync(600);
		batcher.add(createEvent('evt_4'), limits);
		expect(await getIds(entry)).toEqual(['evt_3', 'evt_4']);
	});
});
