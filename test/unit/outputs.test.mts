import type { IHookFunctions } from 'n8n-workflow';
import { describe, expect, it } from '@jest/globals';

import { arrange, OUTPUTS_EXPRESSION } from '../../nodes/MindPeekerTrigger/outputs.ts';
import { readSettings } from '../../nodes/MindPeekerTrigger/parameters.ts';
import { EVENT_TYPES } from '../../nodes/shared/events/index.ts';

const item = (type: string, data?: object) => ({
	json: { id: `evt of ${type}`, type, created_at: '2025-01-15T10:30:00Z', livemode: true, data },
	pairedItem: { item: 0 },
});
const [completed, failed, unknown] = [
	item('session.completed', { session_id: 'sess_1', status: 'completed' }),
	item('session.failed', { session_id: 'sess_2' }),
	item('telepathy.received'),
];
const perEvent = (events: string[]) => ({ events, output: 'perEvent' as const, simplify: false });

/** The chosen events, as the trigger reads the parameter. */
function eventsOf(events: unknown): string[] {
	const getNodeParameter = (name: string, fallback: unknown) =>
		name === 'events' ? events : fallback;
	return [...readSettings({ getNodeParameter } as unknown as IHookFunctions).events];
}

/** The names of the outputs, as n8n evaluates the expression. */
function drawn(parameters: object): Array<string | undefined> {
	const expression = OUTPUTS_EXPRESSION.replace(/^=\{\{|\}\}$/g, '');
	const outputs = new Function('$parameter', `return ${expression}`)(parameters) as Array<{
		displayName?: string;
	}>;
	return outputs.map(({ displayName }) => displayName);
}

describe('a single output', () => {
	it('gives the events as they were sent, in order', () => {
		const settings = { events: ['*'], output: 'single' as const, simplify: false };
		expect(arrange([completed, unknown, failed], settings)).toEqual([[completed, unknown, failed]]);
		expect(drawn({ events: ['*'], output: 'single' })).toEqual([undefined]);
		expect(drawn({ events: ['*'] })).toEqual([undefined]);
	});
});

describe('an output per event', () => {
	it('gives each event to its type, in the order in which the types are chosen', () => {
		const settings = perEvent(['session.failed', 'session.completed']);
		expect(arrange([completed, failed], settings)).toEqual([[failed], [completed]]);
	});

	it('is named after the event', () => {
		const events = ['session.failed', 'dowsing.query_completed'];
		expect(drawn({ events, output: 'perEvent' })).toEqual([
			'Session Failed',
			'Dowsing Query Completed',
		]);
	});

	it('is there for every type where all are chosen, with a last one for those not known', () => {
		const outputs = arrange([completed, unknown], perEvent(['*']));
		expect(outputs).toHaveLength(EVENT_TYPES.length + 1);
		expect(outputs[2]).toEqual([completed]);
		expect(outputs.at(-1)).toEqual([unknown]);
	});

	it.each([
		[['*']],
		[['session.failed', '*']],
		[['session.failed']],
		[[]],
		['session.failed'],
		['["session.failed", "session.completed"]'],
		["['session.failed',\n'session.completed']"],
		['session.failed; session.completed,'],
		[['session.failed,*']],
		[[7, null, ' session.failed ']],
		[''],
	])('is drawn as often as it is given, where %j is chosen', (events) => {
		const given = arrange([], perEvent(eventsOf(events)));
		expect(drawn({ events, output: 'perEvent' })).toHaveLength(given.length);
	});
});

describe('a simplified event', () => {
	const simplified = (...items: Parameters<typeof arrange>[0]) =>
		arrange(items, { events: ['*'], output: 'single', simplify: true })[0]?.map(({ json }) => json);

	it('has its data on top', () => {
		expect(simplified(completed)).toEqual([
			{
				eventId: 'evt of session.completed',
				eventType: 'session.completed',
				createdAt: '2025-01-15T10:30:00Z',
				livemode: true,
				session_id: 'sess_1',
				status: 'completed',
			},
		]);
	});

	it('keeps its own id where its data has one of that name', () => {
		const spoofed = item('session.completed', { eventId: 'another', livemode: false });
		expect(simplified(spoofed)).toMatchObject([
			{ eventId: 'evt of session.completed', livemode: true },
		]);
	});

	it('may have no data', () => {
		expect(simplified(unknown)).toMatchObject([{ eventType: 'telepathy.received' }]);
	});

	it.each([null, ['a', 'b'], 'text', 7, true])('keeps data that is not an object: %j', (data) => {
		const odd = item('session.completed', data as never);
		expect(simplified(odd)).toMatchObject([{ eventType: 'session.completed', data }]);
		expect(Object.keys(simplified(odd)?.[0] ?? {})).toHaveLength(5);
	});

	it('stays paired', () => {
		const [items] = arrange([completed], { events: ['*'], output: 'single', simplify: true });
		expect(items?.[0]?.pairedItem).toEqual({ item: 0 });
	});
});
