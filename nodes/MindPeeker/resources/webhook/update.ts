import type { INodeProperties } from 'n8n-workflow';

import { toList } from '../../../shared/values';
import type { Operation } from '../../operation';
import { activeField, eventsField, readEvents, toOutput } from './fields';
import { webhookLocator } from './locator';

const updateFields: INodeProperties = {
	displayName: 'Update Fields',
	name: 'updateFields',
	type: 'collection',
	placeholder: 'Add Field',
	default: {},
	description:
		'The URL and the secret of a webhook cannot be changed. Create another webhook instead.',
	options: [activeField, { ...eventsField, required: undefined }],
};

export const updateWebhook: Operation = {
	value: 'update',
	name: 'Update',
	action: 'Update webhook',
	description: 'Change the events of a webhook, or pause or resume it',
	fields: [webhookLocator, updateFields],
	sideEffect: 'idempotent',
	async run(item) {
		const id = item.readResourceId('webhook', 'webhook');
		const fields = item.readCollection('updateFields', 'Update Fields');
		const changes = {
			...(toList(fields.events).length > 0 && { events: readEvents(item, fields.events) }),
			...(fields.active !== undefined && { active: item.readBoolean(fields.active, 'Active') }),
		};
		if (Object.keys(changes).length === 0) {
			throw item.createError(
				'There is nothing to update',
				'Add at least one field under Update Fields.',
			);
		}
		const { webhooks } = await item.getAccount();
		const updated = await webhooks.update(id, changes);
		return updated ? toOutput(updated) : { id, ...changes };
	},
};
