import { describe, expect, it } from '@jest/globals';

import {
	findFilterReason,
	type Filters,
} from '../../../nodes/MindPeekerTrigger/webhook/filters.ts';

const MINUTE_MS = 60_000;
const now = Date.parse('2025-01-15T10:30:00Z');
const event = {
	id: 'evt_1',
	type: 'session.completed',
	created_at: '2025-01-15T10:30:00Z',
	data: { session_id: 'sess_1', confidence_score: 0.87 },
	livemode: true,
};
const DEFAULTS: Filters = {
	events: ['session.completed'],
	livemode: 'all',
	maxEventAge: 0,
	minimumConfidence: 0,
};
/** Finds the filter that excludes the event with these changes. */
const find = (change: object, filters: Partial<Filters> = {}) =>
	findFilterReason({ ...event, ...change }, { ...DEFAULTS, ...filters }, now);
const minutesAgo = (minutes: number) => ({
	created_at: new Date(now - minutes * MINUTE_MS).toISOString(),
});

describe('the selected types', () => {
	it('exclude other types', () => {
		expect(find({})).toBeUndefined();
		expect(find({ type: 'session.failed' })).toBe('type not selected');
	});

	it('may include unknown types', () => {
		expect(find({ type: 'telepathy.message_received' }, { events: ['*'] })).toBeUndefined();
	});
});

describe('the maximum age of an event', () => {
	it.each([
		['at the limit', minutesAgo(10), undefined],
		['above the limit', minutesAgo(10.01), 'too old'],
		['five minutes ahead', minutesAgo(-5), undefined],
		['further ahead, so that a retry may succeed', minutesAgo(-5.01), 'ahead of the clock'],
		['just close enough for the last retry', minutesAgo(-107), 'ahead of the clock'],
		['too far ahead for the last retry', minutesAgo(-107.6), 'too far ahead of the clock'],
		['without a time zone, which means UTC', { created_at: '2025-01-15T10:21:00' }, undefined],
		['without a time zone, above the limit', { created_at: '2025-01-15 10:19:59' }, 'too old'],
		['in seconds', { created_at: (now - 9 * MINUTE_MS) / 1000 }, undefined],
		['in seconds, above the limit', { created_at: (now - 11 * MINUTE_MS) / 1000 }, 'too old'],
		['in milliseconds', { created_at: now - 9 * MINUTE_MS }, undefined],
		['in milliseconds, above the limit', { created_at: now - 11 * MINUTE_MS }, 'too old'],
		['without a time', { created_at: undefined }, undefined],
		['with an invalid time', { created_at: 'yesterday' }, undefined],
		['with the time 0', { created_at: 0 }, undefined],
	])('of 10 minutes: an event %s', (_, change, expected) => {
		expect(find(change, { maxEventAge: 10 })).toBe(expected);
	});

	it.each([0, NaN])(
		'of %d excludes no event, because the trigger rejects NaN itself',
		(maxEventAge) => {
			expect(find(minutesAgo(1e6), { maxEventAge })).toBeUndefined();
			expect(find(minutesAgo(-1e6), { maxEventAge })).toBeUndefined();
		},
	);
});

describe('the live mode', () => {
	it.each([
		['all', true, undefined],
		['all', false, undefined],
		['live', true, undefined],
		['live', false, 'other live mode'],
		['test', true, 'other live mode'],
		['test', false, undefined],
		['live', undefined, undefined],
		['test', undefined, undefined],
	] as const)('%s, for an event with the live mode %s', (livemode, mode, expected) => {
		expect(find({ livemode: mode }, { livemode })).toBe(expected);
	});
});

describe('a minimum confidence of 0.8', () => {
	it.each([
		[{ confidence_score: 0.8 }, undefined],
		[{ confidence_score: 0.79 }, 'confidence too low'],
		[{ confidence: 0.8 }, undefined],
		[{ confidence: 0.79 }, 'confidence too low'],
		[{ confidence_score: 0.9, confidence: 0.1 }, undefined],
		[{ confidence_score: 0 }, 'confidence too low'],
		[{ confidence_score: '0.1' }, undefined],
		[{}, undefined],
		[undefined, undefined],
	])('for an event with the data %j', (data, expected) => {
		expect(find({ data }, { minimumConfidence: 0.8 })).toBe(expected);
	});
});
