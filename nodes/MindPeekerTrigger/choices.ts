import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

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

type Values = Readonly<Record<string, unknown>>;

/** The first value that the screen would not have let pass, as a sentence: an expression may give anything. */
export function findInvalidValue(values: Values): string | undefined {
	for (const parameter of PARAMETERS) {
		const { name, displayName } = parameter;
		const flaw = name in values ? findFlaw(parameter, values[name]) : undefined;
		if (flaw) return `${displayName} is "${String(values[name])}", which is ${flaw}`;
	}
	return undefined;
}

function findFlaw(
	{ name, type, typeOptions = {} }: INodeProperties,
	value: unknown,
): string | undefined {
	const offered = CHOICES.get(name);
	if (offered && !offered.includes(value as string)) {
		return `none of ${[...new Set(offered)].join(', ')}`;
	}
	if (type !== 'number') return undefined;
	const { minValue = -Infinity, maxValue = Infinity } = typeOptions;
	if (!Number.isFinite(Number(value))) return 'no number';
	if (Number(value) < minValue) return `below ${minValue}`;
	return Number(value) > maxValue ? `above ${maxValue}` : undefined;
}

/** The same values, with a parameter's default in place of what it does not offer. */
export function onlyOffered<T extends object>(values: T): T {
	const mended = Object.entries(values).map(([name, value]) => {
		const offered = CHOICES.get(name);
		return [name, !offered || offered.includes(value as string) ? value : offered[0]];
	});
	return Object.fromEntries(mended) as T;
}
