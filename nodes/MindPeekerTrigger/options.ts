import type { INodeProperties } from 'n8n-workflow';

import { RETRY_WINDOW_MINUTES } from '../shared/retrySchedule';
import { getEditorDefault, SETTINGS } from './settings';

/**
 * The entries of "Options", sorted by name. `settings.ts` has their defaults, limits and checks. n8n's lint requires
 * literal defaults of booleans, so a test compares those.
 */
export const options: INodeProperties[] = [
	{
		displayName: 'Acknowledge',
		name: 'acknowledge',
		type: 'options',
		default: getEditorDefault('acknowledge'),
		description:
			'When MindPeeker gets a success response. After a change, publish the workflow again. If Registration is Manual, also enter the new webhook URL in MindPeeker.',
		options: [
			{
				name: 'When Received',
				value: 'received',
				description: 'As soon as n8n has stored the execution, whether it succeeds or fails',
			},
			{
				name: 'When Finished',
				value: 'finished',
				description: 'After the workflow has succeeded. If it fails, MindPeeker retries.',
			},
		],
		builderHint: {
			propertyHint:
				"Use 'finished' only if MindPeeker must deliver the event again when the workflow fails. The workflow should then take less than 5 seconds. Batch Size has no effect.",
		},
	},
	{
		displayName: 'Allowed IPs',
		name: 'allowedIps',
		type: 'string',
		builderHint: {
			propertyHint:
				'Omit it, unless the user gives addresses. If omitted, all addresses are allowed.',
		},
		default: getEditorDefault('allowedIps'),
		placeholder: 'e.g. 52.52.52.52, 10.0.0.0/8, 2001:db8::/32',
		description:
			'Accepts deliveries only from these addresses and ranges, separated by commas. Behind a reverse proxy, set N8N_PROXY_HOPS to the number of proxies.',
	},
	{
		displayName: 'Batch Size',
		name: 'batchSize',
		type: 'number',
		typeOptions: { minValue: SETTINGS.batchSize.min, maxValue: SETTINGS.batchSize.max },
		default: getEditorDefault('batchSize'),
		description: 'Maximum number of events per execution. Each event becomes one item.',
		hint: 'Only with Acknowledge: When Received',
		builderHint: {
			propertyHint:
				'If omitted, each event has its own execution. Above 1, an execution has several items: do not use .first() after the trigger.',
		},
	},
	{
		displayName: 'Batch Window',
		name: 'batchWindow',
		type: 'number',
		typeOptions: { minValue: SETTINGS.batchWindow.min, maxValue: SETTINGS.batchWindow.max },
		default: getEditorDefault('batchWindow'),
		description:
			'How long the first event waits for others, in milliseconds. With 0, events wait only while n8n stores the previous execution.',
		hint: 'Only with a Batch Size above 1',
	},
	{
		displayName: 'Debug',
		name: 'debug',
		type: 'boolean',
		default: false,
		description:
			'Whether the log shows more details of each delivery and registration. Secrets, signatures and event data are never logged.',
	},
	{
		displayName: 'Deduplication',
		name: 'deduplication',
		type: 'options',
		default: getEditorDefault('deduplication'),
		builderHint: { propertyHint: "Omit it. It is then 'durable'." },
		description:
			'Whether an event that is delivered again starts the workflow only once. If Acknowledge is When Finished, Durable works like In Memory.',
		options: [
			{
				name: 'Durable',
				value: 'durable',
				description: 'Once, also after a restart and with several n8n processes',
			},
			{
				name: 'In Memory',
				value: 'memory',
				description: 'Once per n8n process, until it restarts',
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
		default: getEditorDefault('livemode'),
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
		typeOptions: { minValue: SETTINGS.maxEventAge.min },
		default: getEditorDefault('maxEventAge'),
		description: `Ignores events that are older, in minutes. 0 means no limit. MindPeeker retries for ${RETRY_WINDOW_MINUTES} minutes, so a lower value may lose events.`,
	},
	{
		displayName: 'Minimum Confidence',
		name: 'minimumConfidence',
		type: 'number',
		typeOptions: {
			minValue: SETTINGS.minimumConfidence.min,
			maxValue: SETTINGS.minimumConfidence.max,
			numberPrecision: 2,
		},
		default: getEditorDefault('minimumConfidence'),
		description:
			'Ignores events with a lower confidence, from 0 to 1. Events without a confidence start the workflow.',
		builderHint: {
			propertyHint: 'Use it instead of an If node. If omitted, events are not filtered.',
		},
	},
	{
		displayName: 'Send Test Event',
		name: 'sendTestEvent',
		type: 'boolean',
		default: true,
		description:
			'Whether to request a test event from MindPeeker when you test the trigger. Its type is the first event under "Trigger On".',
	},
	{
		displayName: 'Simplify',
		name: 'simplify',
		type: 'boolean',
		default: true,
		description:
			'Whether to return a simplified version of the event, with the fields of its data at the top level',
		builderHint: {
			propertyHint:
				'If omitted, it is false: use $json.type and $json.data.session_id. If true, use $json.eventType and $json.session_id.',
		},
	},
];
