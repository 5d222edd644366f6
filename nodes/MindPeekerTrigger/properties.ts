import type { INodeProperties } from 'n8n-workflow';

import { EVENT_TYPES } from '../shared/events/eventTypes';
import { ALL_EVENTS, EVENT_OPTIONS, formatEventTitle } from '../shared/events/selection';
import { options } from './options';
import { getEditorDefault } from './settings';

/** The parameters of the trigger. Their names and values are stored in users' workflows. */
export const properties: INodeProperties[] = [
	{
		displayName: 'Trigger On',
		name: 'events',
		type: 'multiOptions',
		required: true,
		default: [],
		description: 'The events that start the workflow',
		builderHint: {
			propertyHint:
				"An array of event types, not an expression. Select only the events that the workflow needs. For all events, use ['*'].",
			placeholderSupported: false,
		},
		options: [
			{
				name: 'All Events',
				value: ALL_EVENTS,
				description: `All ${EVENT_TYPES.length} types that this version knows. If Registration is Manual, unknown types are included too.`,
			},
			...EVENT_OPTIONS,
		],
	},
	{
		displayName: 'Registration',
		name: 'registration',
		type: 'options',
		default: getEditorDefault('registration'),
		description: 'Who creates the webhook in MindPeeker',
		builderHint: {
			propertyHint:
				"Omit it. Use 'manual' only if the user cannot give n8n an API key that may create webhooks.",
		},
		options: [
			{
				name: 'Automatic',
				value: 'automatic',
				description:
					'The webhook is created when the workflow is published, and deleted when it is unpublished',
			},
			{
				name: 'Manual',
				value: 'manual',
				description:
					'You create the webhook in MindPeeker yourself, with the production URL shown under Webhook URLs',
			},
		],
	},
	{
		displayName:
			'Create a webhook in MindPeeker with the events selected here and the production URL, shown above under Webhook URLs. Enter its secret as Signing Secret in the credential.',
		name: 'manualNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { registration: ['manual'] } },
	},
	{
		displayName: 'Output',
		name: 'output',
		type: 'options',
		default: getEditorDefault('output'),
		description: 'Whether the node has one output, or one per event type',
		builderHint: {
			propertyHint:
				"Use 'perEvent' instead of a Switch node. The outputs have the order of the events array: .output(0) is the first event. With ['*'], the last output receives unknown types.",
		},
		options: [
			{ name: 'Single', value: 'single', description: 'One output for all events' },
			{
				name: 'Per Event',
				value: 'perEvent',
				description:
					'One output for each selected event, in the order of selection. With All Events, a last output receives unknown types.',
			},
		],
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		builderHint: {
			propertyHint:
				'Omit it, unless the user asks for an option. An omitted option does not have the @default below: each event has its own execution, no event is filtered, and the data is not simplified.',
		},
		options,
	},
];

/** Below the node's name on the canvas: the event, or the number of events. */
export const subtitle = buildSubtitle();

function buildSubtitle(): string {
	// The canvas has no room for all of "System Maintenance Scheduled".
	const shorten = (type: string) => type.replace(/^(account|system)\./, '');
	const titles = EVENT_TYPES.map(({ type }) => [type, formatEventTitle(shorten(type))]);
	const titleByType = JSON.stringify(Object.fromEntries(titles));
	return `={{ ((types, titles) => types.includes("*") ? "All events" : types.length > 1 ? types.length + " events" : types.map((type) => titles[type] ?? type).join())([$parameter["events"]].flat(), ${titleByType}) }}`;
}
