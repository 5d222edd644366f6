import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { EVENT_OPTIONS } from '../../../screen/eventOptions';
import { CREDENTIAL } from '../../../shared/credential';
import { CUSTOM } from '../../../shared/environments';
import { ALL_EVENTS, EVENT_TYPES, typesToRegister } from '../../../shared/events';
import { findUrlFault, isHttpUrl } from '../../../shared/publicUrl';
import type { Webhook } from '../../../shared/webhooks';
import type { Item } from '../../execution/item';

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
 * The names of the chosen events; an expression, or an AI agent, may give them as one text with commas.
 *
 * @throws {NodeOperationError} where there is none, or one that MindPeeker does not know
 */
export function readEvents(item: Item, value: unknown): string[] {
	const chosen = [value].flat().flatMap((entry) => String(entry ?? '').split(','));
	const names = chosen.map((name) => name.trim()).filter((name) => name !== '');
	if (names.length === 0) throw item.refuse('No event is chosen', 'Choose at least one.');
	const known = [ALL_EVENTS, ...EVENT_TYPES.map(({ type }) => type)];
	const unknown = names.find((name) => !known.includes(name));
	if (unknown === undefined) return typesToRegister(names);
	throw item.refuse(
		`MindPeeker has no event "${unknown}"`,
		`Choose among ${known.slice(1).join(', ')}; * stands for all.`,
	);
}

/** @throws {NodeOperationError} where MindPeeker could not deliver there */
export async function readUrl(item: Item): Promise<string> {
	const text = item.text('url', 'URL');
	if (!isHttpUrl(text)) {
		throw item.refuse(`"${text}" is not an http or https URL`, 'Enter one, then try again.');
	}
	const { environment } = await item.context.getCredentials(CREDENTIAL, item.index);
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
