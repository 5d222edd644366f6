import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { EVENT_OPTIONS } from '../../../screen/eventOptions';
import { CUSTOM } from '../../../shared/environments';
import { ALL_EVENTS, EVENT_TYPES, typesToRegister } from '../../../shared/events';
import { toList } from '../../../shared/list';
import { findUrlFault, isHttpUrl } from '../../../shared/publicUrl';
import type { Webhook } from '../../../shared/webhooks';
import type { Item } from '../../execution/item';

const TYPES = EVENT_TYPES.map(({ type }) => type);

export const url: INodeProperties = {
	displayName: 'URL',
	name: 'url',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. https://example.com/hooks/mindpeeker',
	description: 'Where MindPeeker delivers events to',
};

/** Which types of events a webhook is for. */
export const events: INodeProperties = {
	displayName: 'Events',
	name: 'events',
	type: 'multiOptions',
	required: true,
	default: [],
	description: 'The events that MindPeeker delivers',
	options: [
		{
			name: 'All Events',
			value: ALL_EVENTS,
			description: `All ${EVENT_TYPES.length} types that this version knows`,
		},
		...EVENT_OPTIONS,
	],
};

export const active: INodeProperties = {
	displayName: 'Active',
	name: 'active',
	type: 'boolean',
	default: true,
	description: 'Whether MindPeeker delivers to this webhook; otherwise it is paused',
};

/**
 * The names of the chosen events.
 *
 * @throws {NodeOperationError} if the list is empty, or has an event that MindPeeker does not have
 */
export function readEvents(item: Item, value: unknown): string[] {
	// No event has white space in its name.
	const names = toList(value).flatMap((name) =>
		typeof name === 'string' ? name.trim().split(/[\s,;]+/) : name,
	);
	if (names.length === 0) throw item.refuse('No event is chosen', 'Choose at least one.');
	const unknown = names.find((name) => !isKnown(name));
	if (unknown === undefined) return typesToRegister(names.filter(isKnown));
	throw item.refuse(
		`MindPeeker has no event "${textOf(unknown)}"`,
		`Choose among ${TYPES.join(', ')}; * stands for all.`,
	);
}

function isKnown(name: unknown): name is string {
	return name === ALL_EVENTS || TYPES.includes(name as string);
}

function textOf(value: unknown): string {
	return typeof value === 'string' ? value : JSON.stringify(value);
}

/** @throws {NodeOperationError} if MindPeeker could not deliver to it */
export async function readUrl(item: Item): Promise<string> {
	const text = item.text('url', 'URL');
	if (!isHttpUrl(text)) {
		throw item.refuse(`"${text}" is not an http or https URL`, 'Enter one, then try again.');
	}
	const { environment } = await item.credential();
	const fault = environment === CUSTOM ? undefined : findUrlFault(text);
	if (!fault) return text;
	throw item.refuse(
		`MindPeeker cannot deliver to ${text}: ${fault}`,
		'Enter an address that is reached from the internet by HTTPS.',
	);
}

/** A webhook as it leaves the node. */
export function shown({ asSent, ...webhook }: Webhook): IDataObject {
	return { ...asSent, ...webhook };
}
