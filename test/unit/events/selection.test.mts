import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { describe, expect, it } from '@jest/globals';

import { MindPeeker } from '../../../nodes/MindPeeker/MindPeeker.node.ts';
import { MindPeekerTrigger } from '../../../nodes/MindPeekerTrigger/MindPeekerTrigger.node.ts';
import { EVENT_TYPES } from '../../../nodes/shared/events/eventTypes.ts';
import {
	formatEventTitle,
	isChosen,
	expandEventTypes,
} from '../../../nodes/shared/events/selection.ts';
import { EVENT_NAMES } from '../../../simulator/service/event.mts';

describe('EVENT_TYPES', () => {
	it('has no duplicates', () => {
		expect(new Set(EVENT_TYPES.map(({ type }) => type)).size).toBe(EVENT_TYPES.length);
	});
});

it('eventTitle capitalizes the words of a type', () => {
	expect(formatEventTitle('dowsing.query_completed')).toBe('Dowsing Query Completed');
});

describe('typesToRegister', () => {
	it('returns the selection', () => {
		expect(expandEventTypes(['session.completed', 'session.failed'])).toEqual([
			'session.completed',
			'session.failed',
		]);
	});

	it('removes duplicates', () => {
		expect(expandEventTypes(['session.failed', 'session.failed'])).toEqual(['session.failed']);
	});

	it('expands * to all types', () => {
		expect(expandEventTypes(['session.failed', '*'])).toEqual(EVENT_TYPES.map(({ type }) => type));
	});
});

describe('isChosen', () => {
	it('accepts the selected types only', () => {
		expect(isChosen('session.completed', ['session.completed'])).toBe(true);
		expect(isChosen('session.failed', ['session.completed'])).toBe(false);
		expect(isChosen('session', ['session.completed'])).toBe(false);
	});

	it('accepts unknown types with *', () => {
		expect(isChosen('telepathy.message_received', ['*'])).toBe(true);
	});
});

describe('the options of all event parameters', () => {
	const isEventList = ({ name }: INodeProperties) => name === 'events' || name === 'eventType';
	/** Flattens collections. */
	const listFields = (properties: INodeProperties[]): INodeProperties[] =>
		properties.flatMap((field) => [
			field,
			...(field.type === 'collection' ? listFields(field.options as INodeProperties[]) : []),
		]);

	it.each([new MindPeekerTrigger(), new MindPeeker()])(
		'equal EVENT_TYPES in $description.displayName',
		({ description }) => {
			const lists = listFields(description.properties).filter(isEventList);
			expect(lists.length).toBeGreaterThan(0);
			for (const { options } of lists) {
				const offered = (options as INodePropertyOptions[]).filter(({ value }) => value !== '*');
				expect(offered).toEqual(
					EVENT_TYPES.map(({ type, description: text }) => ({
						name: formatEventTitle(type),
						value: type,
						description: `${text} (${type})`,
					})),
				);
			}
		},
	);

	it('equal the event names of the simulator', () => {
		expect(EVENT_NAMES).toEqual(EVENT_TYPES.map(({ type }) => type));
	});
});
