import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';

import {
	findWarnings,
	parseEvent,
	type MindPeekerEvent,
} from '../../../nodes/shared/events/event.ts';

const event = {
	id: 'evt_1',
	type: 'session.completed',
	created_at: '2025-01-15T10:30:00Z',
	data: { session_id: 'sess_1', results: { descriptors: ['water'] } },
	livemode: true,
	pending_webhooks: 0,
};
const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));
const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

describe('parseEvent', () => {
	it('parses an event', () => {
		expect(parseEvent(bytes(event))).toEqual({ event });
	});

	it('keeps unknown fields', () => {
		const extended = { ...event, api_version: '2', data: { ...event.data, new: null } };
		expect(parseEvent(bytes(extended))).toEqual({ event: extended });
	});

	it('accepts an event without data', () => {
		expect(parseEvent(bytes({ id: 'evt_1', type: 'x' }))).toEqual({
			event: { id: 'evt_1', type: 'x' },
		});
	});

	it('accepts an ID and a type of 256 characters', () => {
		const long = { ...event, id: 'i'.repeat(256), type: 't'.repeat(256) };
		expect(parseEvent(bytes(long))).toEqual({ event: long });
	});

	it('accepts 100 levels', () => {
		const text = `{"id":"e","type":"t","x":${nested(99)}}`;
		expect(parseEvent(Buffer.from(text))).toEqual({ event: JSON.parse(text) });
	});
});

describe('an event that deviates from the documented envelope', () => {
	it.each<[object, string[]]>([
		[{}, []],
		[{ data: undefined, created_at: undefined, livemode: undefined }, []],
		[{ id: 1 }, ['id is a number']],
		[{ data: null }, ['data is null']],
		[{ data: [] }, ['data is a list']],
		[{ data: 'x' }, ['data is a string']],
		[{ data: 0 }, ['data is a number']],
		[{ livemode: 'true' }, ['livemode is a string']],
		[{ livemode: {} }, ['livemode is an object']],
		[{ created_at: 'yesterday' }, ['created_at is not a time']],
		[{ created_at: null }, ['created_at is not a time']],
		[
			{ id: 7, created_at: {}, data: true, livemode: null },
			['id is a number', 'created_at is not a time', 'data is a boolean', 'livemode is null'],
		],
	])('is accepted with warnings: %j', (change, warnings) => {
		const changed = JSON.parse(JSON.stringify({ ...event, ...change })) as MindPeekerEvent;
		expect(parseEvent(bytes(changed))).toEqual({ event: changed });
		expect(findWarnings(changed)).toEqual(warnings);
	});

	it('is accepted with any other fields', () => {
		fc.assert(
			fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (fields) => {
				const { id, type } = event;
				const sent = JSON.parse(JSON.stringify({ ...fields, id, type })) as MindPeekerEvent;
				expect(parseEvent(bytes(sent))).toEqual({ event: sent });
			}),
		);
	});
});

describe('an invalid event', () => {
	it.each([
		['an empty body', Buffer.alloc(0), 'not JSON'],
		['text', Buffer.from('hello'), 'not JSON'],
		['incomplete JSON', bytes(event).subarray(0, -1), 'not JSON'],
		['two JSON texts', Buffer.concat([bytes(event), bytes(event)]), 'not JSON'],
		['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), 'not UTF-8'],
		['null', bytes(null), 'not an object'],
		['a number', bytes(7), 'not an object'],
		['a string', bytes('evt_1'), 'not an object'],
		['a list', bytes([event]), 'not an object'],
		['no id', bytes({ ...event, id: undefined }), 'no usable id'],
		['an empty id', bytes({ ...event, id: '' }), 'no usable id'],
		['a fraction as id', bytes({ ...event, id: 1.5 }), 'no usable id'],
		['an unsafe integer as id', bytes({ ...event, id: 2 ** 53 }), 'no usable id'],
		['an id of 257 characters', bytes({ ...event, id: 'i'.repeat(257) }), 'no usable id'],
		['no type', bytes({ ...event, type: undefined }), 'no usable type'],
		['a list as type', bytes({ ...event, type: ['session.completed'] }), 'no usable type'],
		['a type of 257 characters', bytes({ ...event, type: 't'.repeat(257) }), 'no usable type'],
		['101 levels', Buffer.from(`{"id":"e","type":"t","x":${nested(100)}}`), 'nested too deeply'],
		[
			'100,000 levels',
			Buffer.from(`{"id":"e","type":"t","x":${nested(1e5)}}`),
			'nested too deeply',
		],
	])('is rejected: %s', (_, body, problem) => {
		expect(parseEvent(body)).toEqual({ problem });
	});

	it('does not overflow the stack of the parser', () => {
		expect(parseEvent(Buffer.from('['.repeat(200_000)))).toHaveProperty('problem');
	});
});
