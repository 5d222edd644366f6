// Helpers that Jest does not have.
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const INTERVAL_MS = 20;
const now = performance.now.bind(performance); // not affected by fake timers

/** Repeats an assertion until it passes. Rejects with its last error after `timeoutMs`. */
export async function waitFor(
	assertion: () => void | Promise<void>,
	timeoutMs = 60_000,
): Promise<void> {
	const end = now() + timeoutMs;
	for (;;) {
		try {
			return await assertion();
		} catch (error) {
			if (now() > end) throw error;
		}
		await sleep(INTERVAL_MS);
	}
}

/** `describe` and `it`, skipped unless the condition holds. */
export const describeIf = (condition: boolean) => (condition ? describe : describe.skip);
export const itIf = (condition: boolean) => (condition ? it : it.skip);

type CleanUp = () => unknown;
const cleanUps: CleanUp[] = [];
afterEach(async () => {
	for (let cleanUp = cleanUps.pop(); cleanUp; cleanUp = cleanUps.pop()) await cleanUp();
});

/** Called in a test, runs functions after it, in reverse order. */
export function afterThisTest(cleanUp: CleanUp): void {
	cleanUps.push(cleanUp);
}

/** Calls `report` after each failed test of the file, with the start time of the test. */
export function onFailure(report: (startedAt: string) => void): void {
	let startedAt: string;
	beforeEach(() => {
		startedAt = new Date().toISOString();
	});
	afterEach(() => {
		const { currentTest } = globalThis as unknown as { currentTest: { errors: unknown[] } };
		if (currentTest.errors.length > 0) report(startedAt);
	});
}

/** Expects a file to have a content. With UPDATE_FILES=1, writes the file first. */
export function expectFile(file: string, content: string): void {
	if (process.env.UPDATE_FILES) writeFileSync(file, content);
	expect(content).toBe(readFileSync(file, 'utf8'));
}

const TIMER_APIS = [
	'Date',
	'hrtime',
	'nextTick',
	'performance',
	'queueMicrotask',
	'setImmediate',
	'clearImmediate',
	'setInterval',
	'clearInterval',
	'setTimeout',
	'clearTimeout',
] as const;
type TimerApi = (typeof TIMER_APIS)[number];

/** Options of `jest.useFakeTimers` that fake only these. */
export function fakeOnly(...faked: TimerApi[]): { doNotFake: TimerApi[] } {
	return { doNotFake: TIMER_APIS.filter((api) => !faked.includes(api)) };
}
