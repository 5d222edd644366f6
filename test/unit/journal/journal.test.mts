import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { Journal, type Finding } from '../../../nodes/MindPeekerTrigger/journal/index.ts';

const MINUTE_MS = 60_000;
const place = { workflowId: 'w1', workflowName: 'Events', nodeName: 'MindPeeker Trigger' };
const accepted: Finding = {
	outcome: 'accepted',
	event: { id: 'evt_1', type: 'session.completed' },
	address: '52.52.52.52',
	status: 200,
	durationMs: 12.4,
};
const forged: Finding = {
	outcome: 'unauthorised',
	reason: 'mismatch',
	address: '203.0.113.9',
	status: 401,
	durationMs: 0.6,
};
let lines: Array<{ level: string; message: string; metadata: object }>;
let journal: Journal;

beforeEach(() => {
	jest.useFakeTimers();
	lines = [];
	const write = (level: string) => (message: string, metadata: object) =>
		void lines.push({ level, message, metadata });
	const [debug, info, warn, error] = ['debug', 'info', 'warn', 'error'].map(write);
	journal = new Journal({ debug, info, warn, error } as never);
});
afterEach(() => void jest.useRealTimers());

const write = (finding: Partial<Finding>, times = 1) => {
	for (let index = 0; index < times; index++) journal.write({ ...accepted, ...finding }, place);
};
const summaries = () => lines.filter(({ message }) => message.includes('in the last minute'));

describe('a delivery is a line', () => {
	it('also where nobody knows where it came from', () => {
		write({ ...forged, event: undefined, address: undefined });
		expect(lines[0]?.message).toContain('a delivery from an unknown address, answered 401');
		expect(lines[0]?.metadata).toMatchObject({ address: undefined });
	});

	it('with what became of it, type, id, answer, workflow and node', () => {
		write({});
		expect(lines).toMatchObject([
			{
				level: 'info',
				message:
					'MindPeeker Trigger: accepted: session.completed evt_1, answered 200 in 12 ms [workflow "Events" (w1), node "MindPeeker Trigger"]',
				metadata: {
					workflowId: 'w1',
					workflowName: 'Events',
					nodeName: 'MindPeeker Trigger',
					outcome: 'accepted',
					eventId: 'evt_1',
					eventType: 'session.completed',
					status: 200,
					durationMs: 12,
				},
			},
		]);
	});

	it('with the reason and the address where it was refused', () => {
		journal.write(forged, place);
		expect(lines[0]?.message).toBe(
			'MindPeeker Trigger: unauthorised (mismatch): a delivery from 203.0.113.9, answered 401 in 1 ms [workflow "Events" (w1), node "MindPeeker Trigger"]',
		);
	});

	it.each<[Partial<Finding>, string]>([
		[{ outcome: 'duplicate' }, 'info'],
		[{ outcome: 'ignored', reason: 'type not chosen' }, 'info'],
		[{ outcome: 'ignored', reason: 'too old' }, 'warn'],
		[{ outcome: 'early', reason: 'from the future' }, 'warn'],
		[{ outcome: 'not taken' }, 'warn'],
		[{ outcome: 'not here' }, 'warn'],
		[{ outcome: 'forbidden' }, 'warn'],
		[{ outcome: 'malformed', reason: 'not JSON' }, 'warn'],
		[{ outcome: 'failed', reason: 'Error' }, 'error'],
	])('that is %j has the level "%s"', (finding, level) => {
		write(finding);
		expect(lines).toMatchObject([{ level }]);
	});

	it('that nobody outside can forge or stretch', () => {
		const id = `evt\n\u001b[2J\u2028MindPeeker${'x'.repeat(5_000)}`;
		write({ event: { id, type: 'type\r' }, address: 'a\nb' });
		const { message } = lines[0]!;
		expect(message).toMatch(/^[\x20-\x7e]{1,600}$/);
		expect(message).toContain('type\\u000d evt\\u000a\\u001b[2J\\u2028MindPeeker');
	});

	it('with more where more is asked for', () => {
		write({ details: ['512 bytes', 'signed with a former secret'] });
		expect(lines[0]?.message).toContain('in 12 ms; 512 bytes; signed with a former secret [');
	});
});

describe('a flood', () => {
	it('of forgeries is 20 lines a minute, and the last of them says so', async () => {
		for (let index = 0; index < 10_000; index++) journal.write(forged, place);
		expect(lines).toHaveLength(20);
		expect(lines[19]?.message).toContain('More of this kind are only counted');
		await jest.advanceTimersByTimeAsync(MINUTE_MS);
		journal.write(forged, place);
		expect(lines).toHaveLength(22);
	});

	it('of forgeries leaves every event that is accepted its line', () => {
		for (let index = 0; index < 100; index++) journal.write(forged, place);
		write({}, 3_000);
		expect(lines.filter(({ level }) => level === 'info')).toHaveLength(3_000);
	});

	it('of a delivery that somebody recorded is 1,000 lines a minute', () => {
		write({ outcome: 'duplicate' }, 5_000);
		expect(lines).toHaveLength(1_000);
	});
});

describe('the summary', () => {
	it('has the numbers of each outcome and the answer times', async () => {
		write({ durationMs: 10 }, 98);
		write({ outcome: 'duplicate', durationMs: 1_000 }, 2);
		for (let index = 0; index < 25; index++) journal.write(forged, place);
		await jest.advanceTimersByTimeAsync(MINUTE_MS);
		expect(summaries()).toMatchObject([
			{
				level: 'info',
				metadata: {
					outcomes: { accepted: 98, duplicate: 2, unauthorised: 25 },
					untold: 5,
					maxMs: 1_000,
				},
			},
		]);
		expect(summaries()[0]?.message).toMatch(
			/^MindPeeker Trigger: 125 deliveries in the last minute: 98 accepted, 2 duplicate, 25 unauthorised; answered within 1[01] ms \(median\), 1000 ms \(99 %\), 1000 ms \(all\); 5 of them without a line of their own \[workflow/,
		);
	});

	it('comes once a minute while there is traffic, and not without', async () => {
		write({});
		await jest.advanceTimersByTimeAsync(MINUTE_MS - 1);
		expect(summaries()).toHaveLength(0);
		await jest.advanceTimersByTimeAsync(60 * MINUTE_MS);
		expect(summaries()).toHaveLength(1);
		write({});
		await jest.advanceTimersByTimeAsync(MINUTE_MS);
		expect(summaries()).toHaveLength(2);
	});

	it('is left out where the log fails, and the next minute has its own', async () => {
		let isFull = false;
		const info = (message: string, metadata: object) => {
			if (isFull) throw new Error('disk full');
			lines.push({ level: 'info', message, metadata });
		};
		journal = new Journal({ info } as never);
		write({});
		isFull = true;
		await jest.advanceTimersByTimeAsync(MINUTE_MS);
		// An unhandled rejection, which would end the process, fails this test.
		jest.useRealTimers();
		await new Promise((resolve) => setImmediate(resolve));
		jest.useFakeTimers();
		isFull = false;
		write({});
		await jest.advanceTimersByTimeAsync(MINUTE_MS);
		expect(summaries()).toHaveLength(1);
	});
});
