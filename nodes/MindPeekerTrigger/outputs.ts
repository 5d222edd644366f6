import type { INodeExecutionData } from 'n8n-workflow';

import { EVENT_TYPES } from '../shared/events/eventTypes';
import { ALL_EVENTS, expandEventTypes } from '../shared/events/selection';
import { isObject } from '../shared/values';
import type { Settings } from './settings';

interface OutputParameters {
	readonly output?: string;
	readonly events?: string | readonly string[];
}

/** The output for unknown types. */
const OTHER = 'Other';

const TITLES = Object.fromEntries(EVENT_TYPES.map(({ type, shortTitle }) => [type, shortTitle]));

/** The outputs in the editor. n8n evaluates the text of this function, so it can only use its arguments. */
/* istanbul ignore next: n8n and the tests evaluate its text @preserve */
function describeOutputs(
	{ output, events = [] }: OutputParameters,
	titles: Record<string, string>,
	all: string,
	other: string,
): Array<{ type: 'main'; displayName?: string }> {
	if (output !== 'perEvent') return [{ type: 'main' }];
	// An expression may return the list as text. This splits it as `toList` does.
	const texts = [events].flat().filter((entry) => typeof entry === 'string');
	const names = texts.flatMap((text) => text.split(/[\r\n,;"'`[\]]+/)).map((name) => name.trim());
	const selected = names.filter((name) => name !== '');
	const types = selected.includes(all) ? Object.keys(titles) : [...new Set(selected)];
	const outputs = types.map((type) => titles[type] ?? type);
	if (selected.includes(all)) outputs.push(other);
	return outputs.map((displayName) => ({ type: 'main', displayName }));
}

export const OUTPUTS_EXPRESSION =
	`={{ (${describeOutputs.toString()})($parameter, ${JSON.stringify(TITLES)}, ${JSON.stringify(ALL_EVENTS)}, ${JSON.stringify(OTHER)}) }}` as const;

type OutputSettings = Pick<Settings, 'events' | 'output' | 'simplify'>;

/** The items of each output. */
export function toOutputs(
	items: INodeExecutionData[],
	settings: OutputSettings,
): INodeExecutionData[][] {
	const outputs = routeByType(items, settings);
	return settings.simplify ? outputs.map((events) => events.map(simplify)) : outputs;
}

/** One output per type, in the order of selection. Connections are stored by the index of the output. */
function routeByType(
	items: INodeExecutionData[],
	{ output, events }: OutputSettings,
): INodeExecutionData[][] {
	if (output === 'single') return [items];
	const types = expandEventTypes(events);
	const outputs = types.map((type) => items.filter(({ json }) => json.type === type));
	if (!events.includes(ALL_EVENTS)) return outputs;
	return [...outputs, items.filter(({ json }) => !types.includes(String(json.type)))];
}

/** Moves the event's data to the top level. The event's fields take precedence. Other data stays in `data`. */
function simplify({ json, ...item }: INodeExecutionData): INodeExecutionData {
	const { id: eventId, type: eventType, created_at: createdAt, livemode, data } = json;
	const eventFields = { eventId, eventType, createdAt, livemode };
	const dataFields = isObject(data) || data === undefined ? data : { data };
	return { ...item, json: { ...eventFields, ...dataFields, ...eventFields } };
}
