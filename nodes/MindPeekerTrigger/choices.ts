import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { flagOf } from '../shared/flag';
import { toNumber } from '../shared/number';
import { options } from './options';
import { properties } from './properties';

const PARAMETERS = [...properties, ...options];
/** The values that the screen offers, by the parameter's name, its default first. */
const CHOICES = new Map(
	PARAMETERS.filter(({ type }) => type === 'options').map(
		({ name, default: first, options: offered }) => [
			name,
			[first, ...(offered as INodePropertyOptions[]).map(({ value }) => value)],
		],
	),
);

const SWITCHES = new Set(
	PARAMETERS.filter(({ type }) => type === 'boolean').map(({ name }) => name),
);

type Values = Readonly<Record<string, unknown>>;

/** The first value that the screen would not have let pass, as a sentence: an expression may give anything. */
export function findInvalidValue(values: Values): string | undefined {
	for (const parameter of PARAMETERS) {
		const { name, displayName } = parameter;
		const flaw = name in values ? findFlaw(parameter, values[name]) : undefined;
		if (flaw) return `${displayName} is "${textOf(values[name])}", which is ${flaw}`;
	}
	return undefined;
}

function findFlaw(
	{ name, type, typeOptions }: INodeProperties,
	value: unknown,
): string | undefined {
	const offered = CHOICES.get(name);
	if (offered && !offered.includes(value as string)) {
		return `none of ${[...new Set(offered)].join(', ')}`;
	}
	if (type === 'boolean') return flagOf(value) === undefined ? 'neither true nor false' : undefined;
	if (type !== 'number') return undefined;
	const number = toNumber(value);
	// Where a parameter has no such limit, it is not a number, and nothing is beyond it.
	const [least, most] = [Number(typeOptions?.minValue), Number(typeOptions?.maxValue)];
	if (!Number.isFinite(number)) return 'no number';
	if (number < least) return `below ${least}`;
	return number > most ? `above ${most}` : undefined;
}

function textOf(value: unknown): string {
	return typeof value === 'string' ? value : String(JSON.stringify(value));
}

/** The same values, with a parameter's default in place of what it does not offer; what is not "true" is off. */
export function onlyOffered<T extends object>(values: T): T {
	const mended = Object.entries(values).map(([name, value]) => {
		if (SWITCHES.has(name)) return [name, flagOf(value) === true];
		const offered = CHOICES.get(name);
		return [name, !offered || offered.includes(value as string) ? value : offered[0]];
	});
	return Object.fromEntries(mended) as T;
}
