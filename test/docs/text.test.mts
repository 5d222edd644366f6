import { expect, it, jest } from '@jest/globals';

import { Journal, type Finding } from '../../nodes/MindPeekerTrigger/journal/index.ts';
import { findInvalidEntry } from '../../nodes/MindPeekerTrigger/reception/allowedAddresses.ts';
import { fencesOf } from './harness/fences.mts';

const VOICE = 'MindPeeker Trigger: ';
const PLACE = {
	workflowId: '7Ylx',
	workflowName: 'Sessions',
	nodeName: 'MindPeeker Trigger',
};
const event = { id: 'evt_1234567890abcdef', type: 'session.completed' };
const address = '203.0.113.9';
const accepted: Finding = { outcome: 'accepted', event, status: 200, durationMs: 12 };
const duplicate: Finding = { outcome: 'duplicate', event, status: 200, durationMs: 1 };
const forged: Finding = {
	outcome: 'unauthorised',
	reason: 'mismatch',
	address,
	status: 401,
	durationMs: 1,
};

const logs = fencesOf('text').filter(({ text }) => text.startsWith(VOICE));
const lists = fencesOf('text').filter(({ text }) => !text.startsWith(VOICE));

/** What the journal writes in a minute with as many deliveries as the documentation says. */
async function minute(): Promise<string[]> {
	jest.useFakeTimers();
	const lines: string[] = [];
	const write = (line: string) => void lines.push(line);
	const journal = new Journal({ debug: write, info: write, warn: write, error: write });
	const deliveries = [
		...Array<Finding>(98).fill(accepted),
		...Array<Finding>(2).fill(duplicate),
		...Array<Finding>(25).fill(forged),
	];
	for (const delivery of deliveries) journal.write(delivery, PLACE);
	await jest.advanceTimersByTimeAsync(60_000);
	jest.useRealTimers();
	return lines;
}

/** Whether a line is the one quoted, where "…" leaves something out and times are another matter. */
function isQuoted(quote: string, line: string): boolean {
	const pattern = quote
		.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
		.replaceAll('…', '.*')
		.replaceAll(/\d+ ms/g, '\\d+ ms');
	return new RegExp(`^${pattern}$`).test(line);
}

it.each(logs)('$where is what the log says', async ({ text }) => {
	const written = await minute();
	const quotes = text.trimEnd().split('\n');
	expect(quotes.filter((quote) => !written.some((line) => isQuoted(quote, line)))).toEqual([]);
});

it.each(lists)('$where is a list of addresses that the trigger takes', ({ text }) => {
	expect(findInvalidEntry(text)).toBeUndefined();
});
