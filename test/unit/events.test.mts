import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { describe, expect, it } from '@jest/globals';

import { MindPeeker } from '../../nodes/MindPeeker/MindPeeker.node.ts';
import { MindPeekerTrigger } from '../../nodes/MindPeekerTrigger/MindPeekerTrigger.node.ts';
import {
	EVENT_TYPES,
	eventTitle,
	isChosen,
	typesToRegister,
} from '../../nodes/shared/events/index.ts';
import { EVENT_NAMES } from '../../simulator/platform/event.mts';

describe('the catalogue', () => {
	it('has each type once', () => {
		expect(new Set(EVENT_TYPES.map(({ type }) => type)).size).toBe(EVENT_TYPES.length);
	});

	it('titles a type by its words', () => {
		expect(eventTitle('dowsing.query_completed')).toBe('Dowsing Query Completed');
	});
});

describe('a choice of events', () => {
	it('is registered as it is', () => {
		expect(typesToRegister(['session.completed', 'session.failed'])).toEqual([
			'session.completed',
			'session.failed',
		]);
	});

	it('is registered without repetition', () => {
		expect(typesToRegister(['session.failed', 'session.failed'])).toEqual(['session.failed']);
	});

	it('with * among it is registered as all names', () => {
		expect(typesToRegister(['session.failed', '*'])).toEqual(EVENT_TYPES.map(({ type }) => type));
	});

	it('wants its own types and no others', () => {
		expect(isChosen('session.completed', ['session.completed'])).toBe(true);
		expect(isChosen('session.failed', ['session.completed'])).toBe(false);
		expect(isChosen('session', ['session.completed'])).toBe(false);
	});

	it('with * wants types not known yet', () => {
		expect(isChosen('telepathy.message_received', ['*'])).toBe(true);
	});
});

describe('wherever events are listed, it is those of the catalogue, in its order and words', () => {
	const isEventList = ({ name }: INodeProperties) => name === 'events' || name === 'eventType';
	/** The fields of a screen, those inside of collections as well. */
	const fieldsOf = (properties: INodeProperties[]): INodeProperties[] =>
		properties.flatMap((field) => [
			field,
			...(field.type === 'collection' ? fieldsOf(field.options as INodeProperties[]) : []),
		]);

	it.each([new MindPeekerTrigger(), new MindPeeker()])(
		'on the screen of $description.displayName',
		({ description }) => {
			const lists = fieldsOf(description.properties).filter(isEventList);
			expect(lists.length).toBeGreaterThan(0);
			for (const { options } of lists) {
				const offered = (options as INodePropertyOptions[]).filter(({ value }) => value !== '*');
				expect(offered).toEqual(
					EVENT_TYPES.map(({ type, description: what }) => ({
						name: eventTitle(type),
						value: type,
						description: `${what} (${type})`,
					})),
				);
			}
		},
	);

	it('in what the simulator takes', () => {
		expect(EVENT_NAMES).toEqual(EVENT_TYPES.map(({ type }) => type));
	});
});
