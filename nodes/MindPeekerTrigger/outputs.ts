import type { INodeExecutionData } from 'n8n-workflow';

import { ALL_EVENTS, EVENT_TYPES, eventTitle, typesToRegister } from '../shared/events';
import { isObject } from '../shared/isObject';
import type { Settings } from './parameters';

interface OutputParameters {
	readonly output?: string;
	readonly events?: string | readonly string[];
}

/** The output that takes types not known yet. */
const OTHER = 'Other';

const TITLES = Object.fromEntries(EVENT_TYPES.map(({ type }) => [type, eventTitle(type)]));

/**
 * The outputs that the editor draws, named after the events. n8n evaluates this function's text, so it can use
 * nothing but its arguments.
 */
/* istanbul ignore next: n8n evaluates its text, and so do its tests @preserve */
function drawOutputs(
	{ output, events = [] }: OutputParameters,
	titles: Record<string, string>,
	all: string,
	other: string,
): Array<{ type: 'main'; displayName?: string }> {
	if (output !== 'perEvent') return [{ type: 'main' }];
	// An expression may return the list as text. This reads it as `toList` does; no event has these characters in its name.
	const texts = [events].flat().filter((entry) => typeof entry === 'string');
	const names = texts.flatMap((text) => text.split(/[\r\n,;"'`[\]]+/)).map((name) => name.trim());
	const chosen = names.filter((name) => name !== '');
	const types = chosen.includes(all) ? Object.keys(titles) : [...new Set(chosen)];
	const outputs = types.map((type) => titles[type] ?? type);
	if (chosen.includes(all)) outputs.push(other);
	return outputs.map((displayName) => ({ type: 'main', displayName }));
}

export const OUTPUTS_EXPRESSION =
	`={{ (${drawOutputs.toString()})($parameter, ${JSON.stringify(TITLES)}, ${JSON.stringify(ALL_EVENTS)}, ${JSON.stringify(OTHER)}) }}` as const;

type OutputSettings = Pick<Settings, 'events' | 'output' | 'simplify'>;

/** What leaves the node at each of its outputs. */
export function arrange(
	items: INodeExecutionData[],
	settings: OutputSettings,
): INodeExecutionData[][] {
	const outputs = distribute(items, settings);
	return settings.simplify ? outputs.map((events) => events.map(simplify)) : outputs;
}

/** Each event goes to the output of its type, in the order in which the types are chosen. */
function distribute(
	items: INodeExecutionData[],
	{ output, events }: OutputSettings,
): INodeExecutionData[][] {
	if (output === 'single') return [items];
	const types = typesToRegister(events);
	const outputs = types.map((type) => items.filter(({ json }) => json.type === type));
	if (!events.includes(ALL_EVENTS)) return outputs;
	return [...outputs, items.filter(({ json }) => !types.includes(String(json.type)))];
}

/** The event's data on top; if names collide, those of the event win. Data that is not an object stays in `data`. */
function simplify({ json, ...item }: INodeExecutionData): INodeExecutionData {
	const { id: eventId, type: eventType, created_at: createdAt, livemode, data } = json;
	const own = { eventId, eventType, createdAt, livemode };
	const fields = isObject(data) || data === undefined ? data : { data };
	return { ...item, json: { ...own, ...fields, ...own } };
}
