import fc from 'fast-check';
import { expect } from '@jest/globals';

import { parseEvent } from '../../nodes/shared/events/event.ts';
import { EVENT_TYPES } from '../../nodes/shared/events/eventTypes.ts';
import { mutate } from './harness/mutate.mts';
import { fuzz } from './harness/fuzz.mts';

const sample = fc
	.constantFrom(...EVENT_TYPES)
	.map(({ type, sample: data }) =>
		JSON.stringify({ id: 'evt_1', type, created_at: '2025-01-15T10:30:00Z', data, livemode: true }),
	);

/** A second implementation of the rules, to compare with. */
function isEvent(bytes: Buffer): boolean {
	try {
		const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
		const value = JSON.parse(text) as Record<string, unknown> | null;
		const isRecord = (entry: unknown) =>
			Object.prototype.toString.call(entry) === '[object Object]';
		const isName = (name: unknown) =>
			typeof name === 'string' && name.length >= 1 && name.length <= 256;
		if (!isRecord(value) || measureDepth(value) > 100) return false;
		const { id, type } = value!;
		return (isName(id) || Number.isSafeInteger(id)) && isName(type);
	} catch {
		return false;
	}
}

function measureDepth(value: unknown): number {
	if (typeof value !== 'object' || value === null) return 0;
	return 1 + Math.max(0, ...Object.values(value).map(measureDepth));
}

fuzz(
	'bytes are an event if and only if they are valid JSON with the required fields',
	mutate(sample),
	(bytes) => {
		const parsed = parseEvent(bytes);
		expect('event' in parsed).toBe(isEvent(bytes));
		if ('event' in parsed) expect(JSON.parse(JSON.stringify(parsed.event))).toEqual(parsed.event);
	},
);
