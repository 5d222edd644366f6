import type { INodeProperties } from 'n8n-workflow';

import { EVENT_OPTIONS } from '../../../shared/events/selection';
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
		description: 'A JSON object whose fields replace those of the sample data',
	},
];

export const sendTestEvent: Operation = {
	value: 'sendTest',
	name: 'Send Test Event',
	action: 'Send test event to webhook',
	description: 'Request a signed test event for a webhook',
	fields,
	sideEffect: 'nonIdempotent',
	async run(item) {
		const id = item.readResourceId('webhook', 'webhook');
		const [type, ...otherTypes] = readEvents(item, item.readText('eventType', 'Event')) as [string];
		if (otherTypes.length > 0)
			throw item.createError('A test event has exactly one type', 'Choose one.');
		const data = item.readObject('testData', 'Test Data');
		const testData = Object.keys(data).length > 0 ? data : undefined;
		const { webhooks } = await item.getAccount();
		return await webhooks.sendTest(id, type, testData);
	},
};
