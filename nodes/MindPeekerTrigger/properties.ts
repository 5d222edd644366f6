import type { INodeProperties } from 'n8n-workflow';

import { MINDPEEKER_ADDRESSES } from './reception/allowedAddresses';
import { ALL_EVENTS, EVENT_TYPES, eventTitle } from '../shared/events';

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
			...EVENT_TYPES.map(({ type, description }) => ({
				name: eventTitle(type),
				value: type,
				description: `${description} (${type})`,
			})),
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
					'You create the webhook in MindPeeker yourself, with the production URL shown above',
			},
		],
	},
	{
		displayName:
			'Create a webhook in MindPeeker with the production URL shown above and the events chosen here, and enter its secret as Signing Secret in the credential',
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
		options: [
			{
				displayName: 'Allowed IPs',
				name: 'allowedIps',
				type: 'string',
				default: MINDPEEKER_ADDRESSES,
				placeholder: 'e.g. 52.52.52.52, 10.0.0.0/8, 2001:db8::/32',
				description:
					"Addresses and ranges, separated by commas, that deliveries may come from; MindPeeker's own to begin with. Anybody else is answered 403. Behind a reverse proxy, set N8N_PROXY_HOPS to the number of proxies, or n8n takes the proxy for the sender.",
			},
			{
				displayName: 'Deduplication',
				name: 'deduplication',
				type: 'options',
				default: 'durable',
				description:
					'Whether an event that MindPeeker delivers again starts the workflow only once',
				options: [
					{
						name: 'Durable',
						value: 'durable',
						description: 'Once, also across restarts of n8n and several processes of it',
					},
					{
						name: 'In Memory',
						value: 'memory',
						description: 'Once in each process of n8n, until that is restarted',
					},
					{
						name: 'Off',
						value: 'off',
						description: 'Every delivery starts the workflow',
					},
				],
			},
			{
				displayName: 'Live Mode',
				name: 'livemode',
				type: 'options',
				default: 'all',
				description: 'Whether live events, test events or both start the workflow',
				options: [
					{ name: 'All', value: 'all', description: 'Live and test events' },
					{ name: 'Live', value: 'live', description: 'Live events only' },
					{ name: 'Test', value: 'test', description: 'Test events only' },
				],
			},
			{
				displayName: 'Maximum Event Age',
				name: 'maxEventAge',
				type: 'number',
				typeOptions: { minValue: 0 },
				default: 0,
				description:
					"How many minutes ago an event may have happened; 0 for no limit. MindPeeker's last retry comes after 103 minutes: with less, what n8n missed in an outage is not made up for.",
			},
			{
				displayName: 'Minimum Confidence',
				name: 'minimumConfidence',
				type: 'number',
				typeOptions: { minValue: 0, maxValue: 1, numberPrecision: 2 },
				default: 0.8,
				description:
					'How confident MindPeeker has to be, from 0 to 1. Events that carry no confidence start the workflow all the same.',
			},
			{
				displayName: 'Send Test Event',
				name: 'sendTestEvent',
				type: 'boolean',
				default: true,
				description:
					'Whether MindPeeker is asked for a test event of the first chosen type when you test the trigger',
			},
			{
				displayName: 'Simplify',
				name: 'simplify',
				type: 'boolean',
				default: true,
				description:
					'Whether to return a simplified version of the event instead of the raw one: eventId, eventType, createdAt, livemode, and the fields of its data',
			},
		],
	},
];
