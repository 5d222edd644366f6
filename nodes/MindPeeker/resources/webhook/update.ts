import type { INodeProperties } from 'n8n-workflow';

import { toList } from '../../../shared/list';
import type { Operation } from '../../operation';
import { active, events, readEvents, shown } from './fields';
import { webhookLocator } from './locator';

const updateFields: INodeProperties = {
	displayName: 'Update Fields',
	name: 'updateFields',
	type: 'collection',
	placeholder: 'Add Field',
	default: {},
	description: 'The URL and the secret of a webhook cannot change: create another one instead',
	options: [active, { ...events, required: undefined }],
};

export const update: Operation = {
	value: 'update',
	name: 'Update',
	action: 'Update webhook',
	description: 'Change the events of a webhook, pause it, or switch it on again',
	fields: [webhookLocator, updateFields],
	writes: 'idempotent',
	async run(item) {
		const id = item.picked('webhook', 'webhook');
		const fields = item.collection('updateFields', 'Update Fields');
		const changes = {
			...(toList(fields.events).length > 0 && { events: readEvents(item, fields.events) }),
			...(fields.active !== undefined && { active: item.flag(fields.active, 'Active') }),
		};
		if (Object.keys(changes).length === 0) {
			throw item.refuse('Nothing is to be updated', 'Add at least one field under Update Fields.');
		}
		const { webhooks } = await item.account();
		const updated = await webhooks.update(id, changes);
		return updated ? shown(updated) : { id, ...changes };
	},
};
