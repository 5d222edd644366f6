import { expect, it, jest } from '@jest/globals';

import {
	DeliveryLogger,
	type DeliveryRecord,
} from '../../nodes/MindPeekerTrigger/logging/deliveryLogger.ts';
import { findInvalidEntry } from '../../nodes/MindPeekerTrigger/webhook/ipAllowlist.ts';
import { findCodeBlocks } from './harness/pages.mts';

const LOG_PREFIX = 'MindPeeker Trigger: ';
const CONTEXT = {
	workflowId: '7Ylx',
	workflowName: 'Sessions',
	nodeName: 'MindPeeker Trigger',
};
const event = { id: 'evt_1234567890abcdef', type: 'session.completed' };
const accepted: DeliveryRecord = { outcome: 'accepted', event, status: 200, durationMs: 12 };
const duplicate: DeliveryRecord = { outcome: 'duplicate', event, status: 200, durationMs: 1 };
const forged: DeliveryRecord = {
	outcome: 'invalid signature',
	reason: 'mismatch',
	address: '203.0.113.9',
	status: 401,
	durationMs: 1,
};

const logExamples = findCodeBlocks('text').filter(({ text }) => text.startsWith(LOG_PREFIX));
const allowlists = findCodeBlocks('text').filter(({ text }) => !text.startsWith(LOG_PREFIX));

/** Returns the log of one minute, with the deliveries of the documented example. */
async function logOneMinute(): Promise<string[]> {
	jest.useFakeTimers();
	const lines: string[] = [];
	const write = (line: string) => void lines.push(line);
	const logger = new DeliveryLogger({ debug: write, info: write, warn: write, error: write });
	const deliveries = [
		...Array<DeliveryRecord>(98).fill(accepted),
		...Array<DeliveryRecord>(2).fill(duplicate),
		...Array<DeliveryRecord>(25).fill(forged),
	];
	for (const delivery of deliveries) logger.log(delivery, CONTEXT);
	await jest.advanceTimersByTimeAsync(60_000);
	jest.useRealTimers();
	return lines;
}

/** In a documented line, "…" replaces any text. Durations may differ. */
function matchesExample(example: string, line: string): boolean {
	const pattern = example
		.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
		.replaceAll('…', '.*')
		.replaceAll(/\d+ ms/g, '\\d+ ms');
	return new RegExp(`^${pattern}$`).test(line);
}

it.each(logExamples)('$location matches the log', async ({ text }) => {
	const written = await logOneMinute();
	const examples = text.trimEnd().split('\n');
	const missing = examples.filter(
		(example) => !written.some((line) => matchesExample(example, line)),
	);
	expect(missing).toEqual([]);
});

it.each(allowlists)('$location is a valid list for Allowed IPs', ({ text }) => {
	expect(findInvalidEntry(text)).toBeUndefined();
});
