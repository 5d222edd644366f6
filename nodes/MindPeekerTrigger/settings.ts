import type { IGetNodeParameterOptions } from 'n8n-workflow';

import { parseBoolean, toList, toNumber } from '../shared/values';
import type { TriggerContext } from './nodeContext';

/** No delivery waits longer than this for others. MindPeeker times out after 5 seconds. */
export const MAX_BATCH_WAIT_MS = 3_000;

/** The addresses from which MindPeeker sends deliveries, according to its documentation. */
export const MINDPEEKER_IPS = '52.52.52.52, 52.53.53.53';

/**
 * The webhook of the node for each value of Acknowledge. n8n needs a webhook for each, because an expression in the
 * description would triple the cost of a request. n8n's types allow only these two names.
 */
export const WEBHOOK_NAMES = { received: 'default', finished: 'setup' } as const;

/** One parameter or option of the trigger. */
interface Setting<T> {
	/** The name in the editor. */
	readonly label: string;
	/** The value in the editor when the node or the option is added. */
	readonly editorDefault: T;
	/** The value of an option that is not added. */
	readonly valueIfMissing: T;
	/** Converts the stored value, which may come from an expression. */
	readonly parse: (value: unknown) => T;
	/** The rule that a value breaks, such as `must be a number`. */
	readonly findProblem?: (value: unknown) => string | undefined;
}

/** Every parameter and option. The editor's texts are in `properties.ts` and `options.ts`. */
export const SETTINGS = {
	/** The selected event types, or `*` for all of them. */
	events: defineList('Trigger On'),
	/** Who creates the webhook in MindPeeker: this node, or the user. */
	registration: defineChoice('Registration', ['automatic', 'manual']),
	/** One output for all events, or one per selected type. */
	output: defineChoice('Output', ['single', 'perEvent']),
	/** When MindPeeker gets its 200: when n8n has stored the execution, or when the workflow has succeeded. */
	acknowledge: defineChoice('Acknowledge', ['received', 'finished']),
	/** Addresses and ranges, separated by commas. Undefined allows every address. */
	allowedIps: defineText('Allowed IPs', { editorDefault: MINDPEEKER_IPS }),
	/** Maximum number of events per execution. */
	batchSize: defineNumber('Batch Size', {
		editorDefault: 50,
		valueIfMissing: 1,
		min: 1,
		max: 1_000,
		isInteger: true,
	}),
	/** How long the first event waits for others, in milliseconds. 0 waits only while n8n stores the previous batch. */
	batchWindow: defineNumber('Batch Window', {
		editorDefault: 0,
		valueIfMissing: 0,
		min: 0,
		max: MAX_BATCH_WAIT_MS,
	}),
	/** Whether the log shows more details. */
	debug: defineBoolean('Debug', { editorDefault: false, valueIfMissing: false }),
	/** Where accepted events are remembered. */
	deduplication: defineChoice('Deduplication', ['durable', 'memory', 'off']),
	livemode: defineChoice('Live Mode', ['all', 'live', 'test']),
	/** In minutes. 0 means no limit. An invalid value is NaN, so that an empty expression accepts no event. */
	maxEventAge: defineNumber('Maximum Event Age', {
		editorDefault: 0,
		valueIfMissing: 0,
		min: 0,
		invalid: NaN,
	}),
	/** From 0 to 1. Events without a confidence pass. */
	minimumConfidence: defineNumber('Minimum Confidence', {
		editorDefault: 0.8,
		valueIfMissing: 0,
		min: 0,
		max: 1,
	}),
	/** Whether the trigger requests a test event when the editor starts to listen. */
	sendTestEvent: defineBoolean('Send Test Event', { editorDefault: true, valueIfMissing: true }),
	/** Whether the output has the fields of the event's data at the top level. */
	simplify: defineBoolean('Simplify', { editorDefault: true, valueIfMissing: false }),
};

export type Settings = {
	readonly [Name in keyof typeof SETTINGS]: (typeof SETTINGS)[Name]['valueIfMissing'];
};

/** The value in the editor when the parameter or option is added. n8n's lint accepts a call as a default, not a property. */
export function getEditorDefault<Name extends keyof Settings>(
	name: Name,
): (typeof SETTINGS)[Name]['editorDefault'] {
	return SETTINGS[name].editorDefault;
}

/** Reads the parameters and options of the node. Invalid values are replaced by valid ones. */
export function readSettings(context: TriggerContext): Settings {
	const given = readParameters(context);
	const entries = Object.entries(SETTINGS).map(([name, { valueIfMissing, parse }]) => [
		name,
		name in given ? parse(given[name]) : valueIfMissing,
	]);
	const settings = Object.fromEntries(entries) as Settings;
	return settings.acknowledge === 'finished' ? applyFinishedRestrictions(settings) : settings;
}

/** Each event needs its own execution to report success, and its retry must start another execution. */
function applyFinishedRestrictions(settings: Settings): Settings {
	const deduplication = settings.deduplication === 'off' ? 'off' : 'memory';
	return { ...settings, batchSize: SETTINGS.batchSize.valueIfMissing, deduplication };
}

/** While the editor listens, turns off filters, batches and deduplication. Event types and Allowed IPs still apply. */
export function relaxForTestEvent(settings: Settings): Settings {
	return {
		...settings,
		batchSize: SETTINGS.batchSize.valueIfMissing,
		deduplication: 'off',
		livemode: SETTINGS.livemode.valueIfMissing,
		maxEventAge: SETTINGS.maxEventAge.valueIfMissing,
		minimumConfidence: SETTINGS.minimumConfidence.valueIfMissing,
	};
}

/** Describes the first invalid value, for example `Live Mode must be all, live or test, not "Live"`. */
export function validateSettings(context: TriggerContext): string | undefined {
	const given = readParameters(context);
	for (const [name, { label, findProblem }] of Object.entries(SETTINGS)) {
		const problem = name in given ? findProblem?.(given[name]) : undefined;
		if (problem) return `${label} ${problem}, not "${toText(given[name])}"`;
	}
	return undefined;
}

function readParameters(context: TriggerContext): Record<string, unknown> {
	// An execute function requires the index of an item. The others do not accept one.
	const get = (name: string, fallback: unknown, options?: IGetNodeParameterOptions): unknown =>
		'getInputData' in context
			? context.getNodeParameter(name, 0, fallback, options)
			: context.getNodeParameter(name, fallback, options);
	const read = (name: string, fallback: unknown): unknown => {
		// n8n copies and validates each value that it evaluates. A value without an expression needs none of that.
		const raw = get(name, fallback, { rawExpressions: true });
		return containsExpression(raw) ? get(name, fallback) : raw;
	};
	return {
		...(read('options', {}) as object),
		events: read('events', SETTINGS.events.valueIfMissing),
		registration: read('registration', SETTINGS.registration.valueIfMissing),
		output: read('output', SETTINGS.output.valueIfMissing),
	};
}

/** Expressions start with an equals sign, at any level of the value. */
function containsExpression(value: unknown): boolean {
	if (typeof value === 'string') return value.startsWith('=');
	return (
		typeof value === 'object' && value !== null && Object.values(value).some(containsExpression)
	);
}

function toText(value: unknown): string {
	return typeof value === 'string' ? value : String(JSON.stringify(value));
}

/** The first choice is the default. */
function defineChoice<const T extends string>(
	label: string,
	choices: readonly [T, T, ...T[]],
): Setting<T> & { readonly choices: readonly T[] } {
	const [first, ...others] = choices;
	const isChoice = (value: unknown): value is T => choices.includes(value as T);
	const rule = `must be ${[first, ...others.slice(0, -1)].join(', ')} or ${others.at(-1)}`;
	return {
		label,
		choices,
		editorDefault: first,
		valueIfMissing: first,
		parse: (value) => (isChoice(value) ? value : first),
		findProblem: (value) => (isChoice(value) ? undefined : rule),
	};
}

/** An invalid value turns the option off. */
function defineBoolean(
	label: string,
	defaults: Pick<Setting<boolean>, 'editorDefault' | 'valueIfMissing'>,
): Setting<boolean> {
	return {
		label,
		...defaults,
		parse: (value) => parseBoolean(value) === true,
		findProblem: (value) =>
			parseBoolean(value) === undefined ? 'must be true or false' : undefined,
	};
}

interface NumberLimits extends Pick<Setting<number>, 'editorDefault' | 'valueIfMissing'> {
	readonly min: number;
	readonly max?: number;
	readonly isInteger?: boolean;
	/** Replaces a value that is not a number or too small. The default is the minimum, which turns most options off. */
	readonly invalid?: number;
}

function defineNumber(label: string, limits: NumberLimits): Setting<number> & NumberLimits {
	const { min, max = Infinity, isInteger = false, invalid = min } = limits;
	return {
		label,
		...limits,
		parse: (value) => {
			const number = toNumber(value);
			if (!Number.isFinite(number) || number < min) return invalid;
			return Math.min(isInteger ? Math.floor(number) : number, max);
		},
		findProblem: (value) => {
			const number = toNumber(value);
			if (!Number.isFinite(number)) return 'must be a number';
			if (number < min) return `must be at least ${min}`;
			return number > max ? `must be at most ${max}` : undefined;
		},
	};
}

/** An invalid value becomes an empty text, so that an empty expression does not allow every address. */
function defineText(
	label: string,
	{ editorDefault }: { editorDefault: string },
): Setting<string | undefined> & { readonly editorDefault: string } {
	return { label, editorDefault, valueIfMissing: undefined, parse: (value) => String(value ?? '') };
}

/** An expression may return the list as text. Entries that are not text are dropped. */
function defineList(label: string): Setting<readonly string[]> {
	const isText = (entry: unknown): entry is string => typeof entry === 'string';
	return {
		label,
		editorDefault: [],
		valueIfMissing: [],
		parse: (value) => toList(value).filter(isText),
	};
}
