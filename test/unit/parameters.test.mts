import type { IHookFunctions } from 'n8n-workflow';
import { describe, expect, it } from '@jest/globals';

import { readSettings, type Settings } from '../../nodes/MindPeekerTrigger/parameters.ts';

/** The settings of a trigger with these parameters, as an expression may give them. */
function settingsOf(parameters: Record<string, unknown>): Settings {
	const getNodeParameter = (name: string, fallback: unknown) => parameters[name] ?? fallback;
	return readSettings({ getNodeParameter } as unknown as IHookFunctions);
}
const withOption = (name: string, value: unknown) => settingsOf({ options: { [name]: value } });

const NO_NUMBERS = [null, undefined, '', '  ', [], [7], true, false, {}, 'many'];

describe('the events of a trigger', () => {
	it.each<[unknown, string[]]>([
		['["session.completed","session.failed"]', ['session.completed', 'session.failed']],
		["['session.completed', 'session.failed']", ['session.completed', 'session.failed']],
		['session.completed;session.failed', ['session.completed', 'session.failed']],
		['session.completed\nsession.failed', ['session.completed', 'session.failed']],
		['session.completed, session.failed', ['session.completed', 'session.failed']],
		[
			['["session.completed"]', 'session.failed'],
			['session.completed', 'session.failed'],
		],
		['*', ['*']],
		[['session.completed', 7, null, {}, ''], ['session.completed']],
		['', []],
		['[]', []],
	])('given as %j are %j', (events, expected) => {
		expect(settingsOf({ events }).events).toEqual(expected);
	});
});

describe('what is not a number', () => {
	it.each(NO_NUMBERS)('turns off batches, waiting and the confidence check: %j', (value) => {
		expect(withOption('batchSize', value).batchSize).toBe(1);
		expect(withOption('batchWindow', value).batchWindow).toBe(0);
		expect(withOption('minimumConfidence', value).minimumConfidence).toBe(0);
	});

	it.each(NO_NUMBERS)('as maximum age lets no event in: %j', (value) => {
		expect(withOption('maxEventAge', value).maxEventAge).toBe(NaN);
	});
});

it('a number may be a text', () => {
	expect(withOption('batchSize', '7.9').batchSize).toBe(7);
	expect(withOption('batchWindow', ' 20 ').batchWindow).toBe(20);
	expect(withOption('minimumConfidence', '0.8').minimumConfidence).toBe(0.8);
	expect(withOption('maxEventAge', '120').maxEventAge).toBe(120);
});
