import { describe, expect, it } from 'vitest';

import {
	EVENT_TYPES,
	eventTitle,
	isChosen,
	typesToRegister,
} from '../../nodes/shared/events/index.ts';

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
