import type { INodeProperties } from 'n8n-workflow';

import { EVENT_OPTIONS } from '../../../screen/eventOptions';
import type { Operation } from '../../operation';
import { readEvents } from './fields';
import { webhookLocator } from './locator';

const fields: INodeProperties[] = [
	webhookLocator,
	{
		displayName: 'Event',
		name: 'eventType',
		type: 'options',
		options: EVENT_OPTIONS,
		default: 'session.completed',
		description: 'The type of the test event',
	},
	{
		displayName: 'Test Data',
		name: 'testData',
		type: 'json',
		default: '{}',
		placeholder: 'e.g. { "confidence_score": 0.95 }',
		description:
			'Fields of the data that are to be other than those of the sample, as a JSON object',
	},
];

export const sendTest: Operation = {
	value: 'sendTest',
	name: 'Send Test Event',
	action: 'Send test event to webhook',
	description: 'Let MindPeeker deliver a signed test event to a webhook',
	fields,
	writes: 'nonIdempotent',
	async run(item) {
		const id = item.picked('webhook', 'webhook');
		const [type, ...others] = readEvents(item, item.text('eventType', 'Event')) as [string];
		if (others.length > 0) throw item.refuse('A test event has one type', 'Choose one.');
		const data = item.object('testData', 'Test Data');
		const testData = Object.keys(data).length > 0 ? data : undefined;
		const { webhooks } = await item.account();
		return await webhooks.sendTest(id, type, testData);
	},
};
