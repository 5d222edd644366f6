import type { INodeProperties } from 'n8n-workflow';

import { MINDPEEKER_ADDRESSES } from './reception/allowedAddresses';
import { MAX_BATCH_SIZE, MAX_BATCH_WINDOW_MS } from './reception/batches';

/** What stands under "Options" on the trigger's screen, by name. */
export const options: INodeProperties[] = [
	{
		displayName: 'Acknowledge',
		name: 'acknowledge',
		type: 'options',
		default: 'received',
		description:
			'When MindPeeker is told that the event has arrived. With When Finished, a failed event is delivered seven times in all; then MindPeeker marks the webhook as failed and sends nothing until you unpublish and publish the workflow, so handle lasting errors inside the workflow. MindPeeker waits 5 seconds; while a workflow takes longer, its retries wait for the same run, in the same n8n process. A Wait node answers 200 when it begins to wait. Each choice has a webhook URL of its own: publish the workflow after a change; with Registration Manual, also give MindPeeker the URL that is shown then.',
		options: [
			{
				name: 'When Received',
				value: 'received',
				description:
					'As soon as n8n has stored the execution, whether that succeeds or fails afterwards',
			},
			{
				name: 'When Finished',
				value: 'finished',
				description:
					'When the workflow has succeeded; where it fails, MindPeeker delivers the event again',
			},
		],
	},
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
		displayName: 'Batch Size',
		name: 'batchSize',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: MAX_BATCH_SIZE },
		default: 50,
		description:
			'How many events one execution may have, as so many items. 1 gives each event an execution of its own.',
		hint: 'Only with Acknowledge: When Received',
	},
	{
		displayName: 'Batch Window',
		name: 'batchWindow',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: MAX_BATCH_WINDOW_MS },
		default: 500,
		description:
			'How many milliseconds the first event of an execution waits for others, at most 3000; it is answered that much later',
		hint: 'Only with a Batch Size above 1',
	},
	{
		displayName: 'Debug',
		name: 'debug',
		type: 'boolean',
		default: false,
		description:
			"Whether the log says more of each delivery and registration: address, size, age, which secret it was signed with. Never a secret, a signature or an event's data.",
	},
	{
		displayName: 'Deduplication',
		name: 'deduplication',
		type: 'options',
		default: 'durable',
		description:
			'Whether an event that MindPeeker delivers again starts the workflow only once. With Acknowledge When Finished, Durable is the same as In Memory, since a failed run has to be repeated.',
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
];
