import type { IHookFunctions } from 'n8n-workflow';
import { describe, expect, it } from '@jest/globals';

import { OUTPUTS_EXPRESSION, toOutputs } from '../../nodes/MindPeekerTrigger/outputs.ts';
import { readSettings } from '../../nodes/MindPeekerTrigger/settings.ts';
import { EVENT_TYPES } from '../../nodes/shared/events/eventTypes.ts';

const createItem = (type: string, data?: object) => ({
	json: { id: `evt of ${type}`, type, created_at: '2025-01-15T10:30:00Z', livemode: true, data },
	pairedItem: { item: 0 },
});
const [completed, failed, unknown] = [
	createItem('session.completed', { session_id: 'sess_1', status: 'completed' }),
	createItem('session.failed', { session_id: 'sess_2' }),
	createItem('telepathy.received'),
];
const perEvent = (events: string[]) => ({ events, output: 'perEvent' as const, simplify: false });

/** The selected events, as the trigger reads the parameter. */
function readEvents(events: unknown): string[] {
	const getNodeParameter = (name: string, fallback: unknown) =>
		name === 'events' ? events : fallback;
	return [...readSettings({ getNodeParameter } as unknown as IHookFunctions).events];
}

/** The names of the outputs in the editor. Evaluates the expression as n8n does. */
function getOutputNames(parameters: object): Array<string | undefined> {
	const expression = OUTPUTS_EXPRESSION.replace(/^=\{\{|\}\}$/g, '');
	const outputs = new Function('$parameter', `return ${expression}`)(parameters) as Array<{
		displayName?: string;
	}>;
	return outputs.map(({ displayName }) => displayName);
}

describe('a single output', () => {
	it('returns the unchanged events in order', () => {
		const settings = { events: ['*'], output: 'single' as const, simplify: false };
		expect(toOutputs([completed, unknown, failed], settings)).toEqual([
			[completed, unknown, failed],
		]);
		expect(getOutputNames({ events: ['*'], output: 'single' })).toEqual([undefined]);
		expect(getOutputNames({ events: ['*'] })).toEqual([undefined]);
	});
});

describe('one output per event', () => {
	it('returns each event at the output of its type, in the order of selection', () => {
		const settings = perEvent(['session.failed', 'session.completed']);
		expect(toOutputs([completed, failed], settings)).toEqual([[failed], [completed]]);
	});

	it('has the short name of the event', () => {
		const events = ['session.failed', 'dowsing.query_completed'];
		expect(getOutputNames({ events, output: 'perEvent' })).toEqual(['Session fail', 'Query OK']);
	});

	it('has the type as its name if the type is unknown', () => {
		const events = ['telepathy.received'];
		expect(getOutputNames({ events, output: 'perEvent' })).toEqual(events);
	});

	it('has a name that fits on the canvas and occurs only once', () => {
		const names = getOutputNames({ events: ['*'], output: 'perEvent' });
		expect(names.filter((name) => String(name).length > 13)).toEqual([]);
		expect(new Set(names).size).toBe(names.length);
	});

	it('exists for every type if all events are selected, with a last output for unknown types', () => {
		const outputs = toOutputs([completed, unknown], perEvent(['*']));
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
	])('matches the number of outputs in the editor if %j is selected', (events) => {
		const outputs = toOutputs([], perEvent(readEvents(events)));
		expect(getOutputNames({ events, output: 'perEvent' })).toHaveLength(outputs.length);
	});
});

describe('a simplified event', () => {
	const simplify = (...items: Parameters<typeof toOutputs>[0]) =>
		toOutputs(items, { events: ['*'], output: 'single', simplify: true })[0]?.map(
			({ json }) => json,
		);

	it('has its data at the top level', () => {
		expect(simplify(completed)).toEqual([
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

	it("keeps its id if the event's data has a field with the same name", () => {
		const conflicting = createItem('session.completed', { eventId: 'another', livemode: false });
		expect(simplify(conflicting)).toMatchObject([
			{ eventId: 'evt of session.completed', livemode: true },
		]);
	});

	it('may have no data', () => {
		expect(simplify(unknown)).toMatchObject([{ eventType: 'telepathy.received' }]);
	});

	it.each([null, ['a', 'b'], 'text', 7, true])('keeps data that is not an object: %j', (data) => {
		const item = createItem('session.completed', data as never);
		expect(simplify(item)).toMatchObject([{ eventType: 'session.completed', data }]);
		expect(Object.keys(simplify(item)?.[0] ?? {})).toHaveLength(5);
	});

	it('keeps its paired item', () => {
		const [items] = toOutputs([completed], { events: ['*'], output: 'single', simplify: true });
		expect(items?.[0]?.pairedItem).toEqual({ item: 0 });
	});
});
