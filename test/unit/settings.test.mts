import type { IGetNodeParameterOptions, IHookFunctions, INodePropertyOptions } from 'n8n-workflow';
import { describe, expect, it } from '@jest/globals';

import { options } from '../../nodes/MindPeekerTrigger/options.ts';
import { properties } from '../../nodes/MindPeekerTrigger/properties.ts';
import {
	readSettings,
	SETTINGS,
	validateSettings,
	type Settings,
} from '../../nodes/MindPeekerTrigger/settings.ts';

/** The context of a trigger with these parameters, which may come from expressions. */
function createContext(parameters: Record<string, unknown>): IHookFunctions {
	const getNodeParameter = (name: string, fallback: unknown) => parameters[name] ?? fallback;
	return { getNodeParameter } as unknown as IHookFunctions;
}
const read = (parameters: Record<string, unknown>): Settings =>
	readSettings(createContext(parameters));
const readOption = (name: string, value: unknown) => read({ options: { [name]: value } });

const NOT_A_NUMBER = [null, undefined, '', '  ', [], [7], true, false, {}, 'many'];

describe('each setting', () => {
	const fields = [...properties, ...options].filter(
		({ type }) => type !== 'notice' && type !== 'collection',
	);

	it('has a parameter or option in the editor', () => {
		expect(fields.map(({ name }) => name).sort()).toEqual(Object.keys(SETTINGS).sort());
	});

	it.each(fields.map((field) => [field.name, field] as const))(
		'has the same label, default, choices and limits as the field %s',
		(name, field) => {
			const setting = SETTINGS[name as keyof Settings];
			const choices = (field.options as INodePropertyOptions[] | undefined)?.map(
				({ value }) => value,
			);
			expect({ label: field.displayName, editorDefault: field.default }).toEqual({
				label: setting.label,
				editorDefault: setting.editorDefault,
			});
			if ('choices' in setting) expect(choices).toEqual(setting.choices);
			if ('min' in setting) {
				const { minValue, maxValue } = field.typeOptions ?? {};
				expect({ minValue, maxValue }).toEqual({ minValue: setting.min, maxValue: setting.max });
			}
		},
	);
});

describe('the events', () => {
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
	])('%j are read as %j', (events, expected) => {
		expect(read({ events }).events).toEqual(expected);
	});
});

describe('a value with an expression', () => {
	/** Reads the parameters of a trigger whose expressions n8n evaluates to this value. */
	function readEvaluated(parameters: Record<string, unknown>, value: unknown): Settings {
		const evaluate = (_key: string, given: unknown) =>
			typeof given === 'string' && given.startsWith('=') ? value : given;
		const getNodeParameter = (
			name: string,
			fallback: unknown,
			{ rawExpressions = false }: IGetNodeParameterOptions = {},
		): unknown => {
			const raw = parameters[name] ?? fallback;
			return rawExpressions ? raw : JSON.parse(JSON.stringify(raw), evaluate);
		};
		return readSettings({ getNodeParameter } as unknown as IHookFunctions);
	}

	it('is evaluated, whether it is a parameter, an option or an entry of a list', () => {
		const expression = '={{ $vars.value }}';
		expect(readEvaluated({ output: expression }, 'perEvent').output).toBe('perEvent');
		expect(readEvaluated({ events: expression }, '*').events).toEqual(['*']);
		expect(readEvaluated({ events: ['session.failed', expression] }, '*').events).toEqual([
			'session.failed',
			'*',
		]);
		expect(readEvaluated({ options: { batchSize: expression } }, 20).batchSize).toBe(20);
	});
});

describe('a number option', () => {
	it.each(NOT_A_NUMBER)('with the value %j is off', (value) => {
		expect(readOption('batchSize', value).batchSize).toBe(1);
		expect(readOption('batchWindow', value).batchWindow).toBe(0);
		expect(readOption('minimumConfidence', value).minimumConfidence).toBe(0);
	});

	it.each(NOT_A_NUMBER)('with the value %j is NaN if it is the maximum age', (value) => {
		expect(readOption('maxEventAge', value).maxEventAge).toBe(NaN);
	});

	it.each([-30, -Infinity, Infinity, 'Infinity'])(
		'with the value %j is NaN if it is the maximum age, so that it does not remove the limit',
		(value) => {
			expect(readOption('maxEventAge', value).maxEventAge).toBe(NaN);
		},
	);

	it('may be a numeric string', () => {
		expect(readOption('batchSize', '7.9').batchSize).toBe(7);
		expect(readOption('batchWindow', ' 20 ').batchWindow).toBe(20);
		expect(readOption('minimumConfidence', '0.8').minimumConfidence).toBe(0.8);
		expect(readOption('maxEventAge', '120').maxEventAge).toBe(120);
	});

	it('is limited', () => {
		expect(readOption('batchSize', 0).batchSize).toBe(1);
		expect(readOption('batchSize', Infinity).batchSize).toBe(1);
		expect(readOption('batchWindow', -5).batchWindow).toBe(0);
		expect(readOption('batchSize', 1e6).batchSize).toBe(1_000);
		expect(readOption('batchWindow', 1e6).batchWindow).toBe(3_000);
		expect(readOption('minimumConfidence', 7).minimumConfidence).toBe(1);
	});
});

describe('validateSettings', () => {
	it.each<[string, unknown, string]>([
		['acknowledge', 'Finished', 'Acknowledge must be received or finished, not "Finished"'],
		['livemode', 'a', 'Live Mode must be all, live or test, not "a"'],
		['deduplication', null, 'Deduplication must be durable, memory or off, not "null"'],
		['debug', 'yes', 'Debug must be true or false, not "yes"'],
		['batchSize', [], 'Batch Size must be a number, not "[]"'],
		['batchSize', 0, 'Batch Size must be at least 1, not "0"'],
		['batchWindow', 3_001, 'Batch Window must be at most 3000, not "3001"'],
		['maxEventAge', undefined, 'Maximum Event Age must be a number, not "undefined"'],
		['minimumConfidence', 2, 'Minimum Confidence must be at most 1, not "2"'],
	])('rejects %s: %j', (name, value, problem) => {
		expect(validateSettings(createContext({ options: { [name]: value } }))).toBe(problem);
	});

	it("accepts the editor's default of every setting, and missing options", () => {
		const defaults = Object.entries(SETTINGS).map(([name, setting]) => [
			name,
			setting.editorDefault,
		]);
		const context = createContext({ options: Object.fromEntries(defaults) });
		expect(validateSettings(context)).toBeUndefined();
		expect(validateSettings(createContext({}))).toBeUndefined();
	});
});
