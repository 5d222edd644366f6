import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { EVENT_TYPES } from '../../../shared/events/eventTypes';
import { EVENT_OPTIONS, ALL_EVENTS, expandEventTypes } from '../../../shared/events/selection';
import { isHttpUrl, toList } from '../../../shared/values';
import { findDeliveryProblem } from '../../../shared/publicUrl';
import type { Webhook } from '../../../shared/api/webhooks';
import type { Item } from '../../execution/item';

const TYPES = EVENT_TYPES.map(({ type }) => type);

export const urlField: INodeProperties = {
	displayName: 'URL',
	name: 'url',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. https://example.com/hooks/mindpeeker',
	description: 'The URL that MindPeeker delivers events to',
	builderHint: {
		propertyHint:
			'The URL of another system, never the URL of a MindPeeker Trigger. It must be HTTPS.',
	},
};

export const eventsField: INodeProperties = {
	displayName: 'Events',
	name: 'events',
	type: 'multiOptions',
	required: true,
	default: [],
	description: 'The events that MindPeeker delivers to the webhook',
	builderHint: { propertyHint: "An array of event types. For all events, use ['*']." },
	options: [
		{
			name: 'All Events',
			value: ALL_EVENTS,
			description: `All ${EVENT_TYPES.length} types that this version knows`,
		},
		...EVENT_OPTIONS,
	],
};

export const activeField: INodeProperties = {
	displayName: 'Active',
	name: 'active',
	type: 'boolean',
	default: true,
	description: 'Whether MindPeeker delivers to this webhook. If not, the webhook is paused.',
};

/** @throws {NodeOperationError} if the list is empty, or contains an unknown event */
export function readEvents(item: Item, value: unknown): string[] {
	const names = toList(value).flatMap((name) =>
		typeof name === 'string' ? name.trim().split(/[\s,;]+/) : name,
	);
	if (names.length === 0) throw item.createError('No event is chosen', 'Choose at least one.');
	const unknown = names.find((name) => !isKnown(name));
	if (unknown === undefined) return expandEventTypes(names.filter(isKnown));
	throw item.createError(
		`MindPeeker has no event "${formatName(unknown)}"`,
		`Choose among ${TYPES.join(', ')}. For all events, use *.`,
	);
}

function isKnown(name: unknown): name is string {
	return name === ALL_EVENTS || TYPES.includes(name as string);
}

function formatName(value: unknown): string {
	return typeof value === 'string' ? value : JSON.stringify(value);
}

/** @throws {NodeOperationError} if MindPeeker cannot deliver to the URL */
export async function readUrl(item: Item): Promise<string> {
	const text = item.readText('url', 'URL');
	if (!isHttpUrl(text)) {
		throw item.createError(`"${text}" is not an http or https URL`, 'Enter one, then try again.');
	}
	const problem = findDeliveryProblem(text, await item.getCredential());
	if (!problem) return text;
	throw item.createError(problem, 'Enter an HTTPS URL that can be reached from the internet.');
}

export function toOutput({ raw, ...webhook }: Webhook): IDataObject {
	return { ...raw, ...webhook };
}
