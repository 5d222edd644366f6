import type { INodeProperties } from 'n8n-workflow';

import { EVENT_OPTIONS } from '../screen/eventOptions';
import { ALL_EVENTS, EVENT_TYPES } from '../shared/events';
import { options } from './options';

/** The trigger's screen. Names and values are kept in users' workflows. */
export const properties: INodeProperties[] = [
	{
		displayName: 'Trigger On',
		name: 'events',
		type: 'multiOptions',
		required: true,
		default: [],
		description: 'The events that start the workflow',
		options: [
			{
				name: 'All Events',
				value: ALL_EVENTS,
				description: `All ${EVENT_TYPES.length} types that this version knows; where the registration is manual, any other that arrives as well`,
			},
			...EVENT_OPTIONS,
		],
	},
	{
		displayName: 'Registration',
		name: 'registration',
		type: 'options',
		default: 'automatic',
		description: 'Who creates the webhook in MindPeeker',
		options: [
			{
				name: 'Automatic',
				value: 'automatic',
				description:
					'The webhook is created when the workflow is published, and removed when it is unpublished',
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
			'Create a webhook in MindPeeker with the production URL, shown above under Webhook URLs, and the events chosen here. Enter its secret as Signing Secret in the credential',
		name: 'manualNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { registration: ['manual'] } },
	},
	{
		displayName: 'Output',
		name: 'output',
		type: 'options',
		default: 'single',
		description: 'Where the events leave the node',
		options: [
			{ name: 'Single', value: 'single', description: 'One output for all events' },
			{
				name: 'Per Event',
				value: 'perEvent',
				description:
					'One output for each chosen event, in the order in which they are chosen; with All Events a last one for types not known yet',
			},
		],
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options,
	},
];
