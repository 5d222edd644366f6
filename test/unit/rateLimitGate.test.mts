import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { RateLimitGate } from '../../nodes/shared/rateLimitGate.ts';

let gate: RateLimitGate;
/** How many calls are under way. */
let entered: number;

beforeEach(() => {
	jest.useFakeTimers();
	gate = new RateLimitGate();
	entered = 0;
});
afterEach(() => void jest.useRealTimers());

/** Lets so many calls come to the gate. */
async function come(count: number): Promise<void> {
	for (let call = 0; call < count; call++) void gate.enter(undefined).then(() => entered++);
	await pass(0);
}

async function pass(ms: number): Promise<void> {
	await jest.advanceTimersByTimeAsync(ms);
}

/** Ends so many calls, refused for so long where a time is given. */
function end(count: number, closeForMs?: number): void {
	for (let call = 0; call < count; call++) gate.leave(closeForMs);
	entered -= count;
}

describe('the gate', () => {
	it('lets all calls through as long as none was refused', async () => {
		await come(500);
		expect(entered).toBe(500);
	});

	it('lets none through for as long as the service says', async () => {
		await come(1);
		end(1, 1_000);
		await come(1);
		await pass(999);
		expect(entered).toBe(0);
		await pass(26);
		expect(entered).toBe(1);
	});

	it('waits for the longest where several are refused', async () => {
		await come(2);
		end(1, 1_000);
		end(1, 200);
		await come(1);
		await pass(900);
		expect(entered).toBe(0);
		await pass(200);
		expect(entered).toBe(1);
	});

	it('lets half as many through afterwards, those that were refused together counting as one', async () => {
		await come(8);
		end(8, 100);
		await come(20);
		await pass(200);
		expect(entered).toBe(4);
	});

	it('lets half of those through that were under way, and at least one', async () => {
		await come(3);
		end(1, 100);
		end(2);
		await come(20);
		await pass(200);
		expect(entered).toBe(2);
		end(2, 100);
		await pass(200);
		expect(entered).toBe(1);
		end(1, 100);
		await pass(200);
		expect(entered).toBe(1);
	});

	it('halves again at each refusal that comes after the waiting', async () => {
		await come(8);
		end(8, 100);
		await come(20);
		await pass(200);
		end(4, 100);
		await pass(200);
		expect(entered).toBe(2);
	});

	it('lets one more through when as many have succeeded as are under way', async () => {
		await come(8);
		end(8, 100);
		await come(50);
		await pass(200);
		expect(entered).toBe(4);
		end(4);
		await pass(50);
		expect(entered).toBe(4);
		end(1);
		await pass(50);
		expect(entered).toBe(5);
	});
});
