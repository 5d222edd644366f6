import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import {
	DeliveryLogger,
	type DeliveryRecord,
} from '../../../nodes/MindPeekerTrigger/logging/deliveryLogger.ts';

const MINUTE_MS = 60_000;
const context = { workflowId: 'w1', workflowName: 'Events', nodeName: 'MindPeeker Trigger' };
const accepted: DeliveryRecord = {
	outcome: 'accepted',
	event: { id: 'evt_1', type: 'session.completed' },
	address: '52.52.52.52',
	status: 200,
	durationMs: 12.4,
};
const forged: DeliveryRecord = {
	outcome: 'invalid signature',
	reason: 'mismatch',
	address: '203.0.113.9',
	status: 401,
	durationMs: 0.6,
};
let entries: Array<{ level: string; message: string; metadata: object }>;
let logger: DeliveryLogger;

beforeEach(() => {
	jest.useFakeTimers();
	entries = [];
	const write = (level: string) => (message: string, metadata: object) =>
		void entries.push({ level, message, metadata });
	const [debug, info, warn, error] = ['debug', 'info', 'warn', 'error'].map(write);
	logger = new DeliveryLogger({ debug, info, warn, error } as never);
});
afterEach(() => void jest.useRealTimers());

const log = (record: Partial<DeliveryRecord>, times = 1) => {
	for (let index = 0; index < times; index++) logger.log({ ...accepted, ...record }, context);
};
const logForged = (times: number) => {
	for (let index = 0; index < times; index++) logger.log(forged, context);
};
const getSummaries = () => entries.filter(({ message }) => message.includes('in the last minute'));

describe('the entry of a delivery', () => {
	it('contains outcome, type, id, response, workflow and node', () => {
		log({});
		expect(entries).toMatchObject([
			{
				level: 'info',
				message:
					'MindPeeker Trigger: accepted: session.completed evt_1, response 200 in 12 ms [workflow "Events" (w1), node "MindPeeker Trigger"]',
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

	it('contains the reason and the address if the delivery was rejected', () => {
		logForged(1);
		expect(entries[0]?.message).toBe(
			'MindPeeker Trigger: invalid signature (mismatch): delivery from 203.0.113.9, response 401 in 1 ms [workflow "Events" (w1), node "MindPeeker Trigger"]',
		);
	});

	it('does not require an address', () => {
		log({ ...forged, event: undefined, address: undefined });
		expect(entries[0]?.message).toContain('delivery from an unknown address, response 401');
		expect(entries[0]?.metadata).toMatchObject({ address: undefined });
	});

	it.each<[Partial<DeliveryRecord>, string]>([
		[{ outcome: 'duplicate' }, 'info'],
		[{ outcome: 'ignored', reason: 'type not selected' }, 'info'],
		[{ outcome: 'ignored', reason: 'too old' }, 'warn'],
		[{ outcome: 'ignored', reason: 'too far ahead of the clock' }, 'warn'],
		[{ outcome: 'accepted', warnings: ['data is null'] }, 'warn'],
		[{ outcome: 'future timestamp', reason: 'ahead of the clock' }, 'warn'],
		[{ outcome: 'not accepted' }, 'warn'],
		[{ outcome: 'wrong path' }, 'warn'],
		[{ outcome: 'forbidden' }, 'warn'],
		[{ outcome: 'malformed', reason: 'not JSON' }, 'warn'],
		[{ outcome: 'error', reason: 'Error' }, 'error'],
	])('with %j has the level "%s"', (record, level) => {
		log(record);
		expect(entries).toMatchObject([{ level }]);
	});

	it('escapes control characters and limits the length', () => {
		const id = `evt\n\u001b[2J\u2028MindPeeker${'x'.repeat(5_000)}`;
		log({ event: { id, type: 'type\r' }, address: 'a\nb' });
		const { message } = entries[0]!;
		expect(message).toMatch(/^[\x20-\x7e]{1,600}$/);
		expect(message).toContain('type\\u000d evt\\u000a\\u001b[2J\\u2028MindPeeker');
	});

	it.each([
		['a terminal control', '\u009b2J', '\\u009b2J'],
		['a bidirectional mark', 'a\u202egpj.exe', 'a\\u202egpj.exe'],
		['a bidirectional isolate', '\u2066b\u2069', '\\u2066b\\u2069'],
		['an Arabic letter mark', '\u061c', '\\u061c'],
		['an invisible tag', '\u{e0041}', '\\u{e0041}'],
		['a lone surrogate', 'a\ud83db', 'a\\ud83db'],
		['half a character at the end', `${'x'.repeat(255)}😀`, `${'x'.repeat(255)}\\ud83d`],
		['a paragraph separator', '\u2029', '\\u2029'],
	])('escapes %s', (_, id, escaped) => {
		log({ event: { id, type: 'session.completed' } });
		expect(entries[0]?.message).toContain(`session.completed ${escaped}, response 200`);
	});

	it('keeps the letters of every language, and emoji', () => {
		const workflowName = 'Übersicht 監視 مراقبة 😀';
		logger.log(accepted, { ...context, workflowName });
		expect(entries[0]?.message).toContain(`[workflow "${workflowName}" (w1)`);
	});

	it('contains the debug info', () => {
		log({ debugInfo: ['512 bytes', 'signed with a previous generated secret'] });
		expect(entries[0]?.message).toContain(
			'in 12 ms; 512 bytes; signed with a previous generated secret [',
		);
	});
});

describe('the number of entries per minute', () => {
	it('is limited to 20 for forged deliveries, and the last entry says so', async () => {
		logForged(10_000);
		expect(entries).toHaveLength(20);
		expect(entries[19]?.message).toContain(
			'Further deliveries with this outcome are counted, not logged',
		);
		await jest.advanceTimersByTimeAsync(MINUTE_MS);
		logForged(1);
		expect(entries).toHaveLength(22);
	});

	it('is not limited for accepted events, even after many forged deliveries', () => {
		logForged(100);
		log({}, 3_000);
		expect(entries.filter(({ level }) => level === 'info')).toHaveLength(3_000);
	});

	it('is limited to 1,000 for replayed deliveries', () => {
		log({ outcome: 'duplicate' }, 5_000);
		expect(entries).toHaveLength(1_000);
	});
});

describe('the summary', () => {
	it('contains the number of each outcome and the response times', async () => {
		log({ durationMs: 10 }, 98);
		log({ outcome: 'duplicate', durationMs: 1_000 }, 2);
		logForged(25);
		await jest.advanceTimersByTimeAsync(MINUTE_MS);
		expect(getSummaries()).toMatchObject([
			{
				level: 'info',
				metadata: {
					outcomes: { accepted: 98, duplicate: 2, 'invalid signature': 25 },
					suppressed: 5,
					medianMs: 10,
					p99Ms: 1_000,
					maxMs: 1_000,
				},
			},
		]);
		expect(getSummaries()[0]?.message).toMatch(
			/^MindPeeker Trigger: 125 deliveries in the last minute: 98 accepted, 2 duplicate, 25 invalid signature; response times: median 10 ms, p99 1000 ms, maximum 1000 ms; 5 of them not logged individually \[workflow/,
		);
	});

	it('has the exact percentiles of different response times', async () => {
		for (let durationMs = 200; durationMs >= 1; durationMs--) log({ durationMs });
		await jest.advanceTimersByTimeAsync(MINUTE_MS);
		const metadata = { suppressed: 0, medianMs: 100, p99Ms: 198, maxMs: 200 };
		expect(getSummaries()).toMatchObject([{ metadata }]);
	});

	it('has the maximum of all response times, and the percentiles of the first 10,000', async () => {
		log({ durationMs: 1 }, 10_000);
		log({ durationMs: 500 }, 10_000);
		await jest.advanceTimersByTimeAsync(MINUTE_MS);
		expect(getSummaries()).toMatchObject([{ metadata: { medianMs: 1, p99Ms: 1, maxMs: 500 } }]);
	});

	it('is logged once per minute with deliveries', async () => {
		log({});
		await jest.advanceTimersByTimeAsync(MINUTE_MS - 1);
		expect(getSummaries()).toHaveLength(0);
		await jest.advanceTimersByTimeAsync(60 * MINUTE_MS);
		expect(getSummaries()).toHaveLength(1);
		log({});
		await jest.advanceTimersByTimeAsync(MINUTE_MS);
		expect(getSummaries()).toHaveLength(2);
	});

	it('is skipped if the log fails, and the next minute has its own summary', async () => {
		let isFull = false;
		const info = (message: string, metadata: object) => {
			if (isFull) throw new Error('disk full');
			entries.push({ level: 'info', message, metadata });
		};
		logger = new DeliveryLogger({ info } as never);
		log({});
		isFull = true;
		await jest.advanceTimersByTimeAsync(MINUTE_MS);
		// An unhandled rejection fails this test. It would end n8n's process.
		jest.useRealTimers();
		await new Promise((resolve) => setImmediate(resolve));
		jest.useFakeTimers();
		isFull = false;
		log({});
		await jest.advanceTimersByTimeAsync(MINUTE_MS);
		expect(getSummaries()).toHaveLength(1);
	});
});
