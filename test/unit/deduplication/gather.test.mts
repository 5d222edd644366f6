import { describe, expect, it } from '@jest/globals';

import { gather } from '../../../nodes/MindPeekerTrigger/deduplication/gather.ts';

/** A call that ends only when it is told to, and notes what it was given. */
function controlled() {
	const calls: Array<{ values: number[]; end: () => void; fail: () => void }> = [];
	const call = async (values: number[]) =>
		await new Promise<number[]>((resolve, reject) => {
			const end = () => resolve(values.map((value) => value * 10));
			calls.push({ values, end, fail: () => reject(new Error('failed')) });
		});
	return { calls, ask: gather(call) };
}
const settled = async () => await new Promise((resolve) => setImmediate(resolve));

describe('calls that must not run twice at a time', () => {
	it('run at once where nothing is under way', async () => {
		const { calls, ask } = controlled();
		const answer = ask(1);
		expect(calls.map(({ values }) => values)).toEqual([[1]]);
		calls[0]!.end();
		expect(await answer).toBe(10);
	});

	it('are gathered while one is under way, and each gets its own result', async () => {
		const { calls, ask } = controlled();
		const answers = Promise.all([ask(1), ask(2), ask(3)]);
		expect(calls.map(({ values }) => values)).toEqual([[1]]);
		calls[0]!.end();
		await settled();
		expect(calls.map(({ values }) => values)).toEqual([[1], [2, 3]]);
		calls[1]!.end();
		expect(await answers).toEqual([10, 20, 30]);
	});

	it('go on after one has failed, which fails for those in it alone', async () => {
		const { calls, ask } = controlled();
		const [first, second] = [ask(1), ask(2)];
		calls[0]!.fail();
		await expect(first).rejects.toThrow('failed');
		calls[1]!.end();
		expect(await second).toBe(20);
		const third = ask(3);
		calls[2]!.end();
		expect(await third).toBe(30);
	});
});
