import { CHECK_ID } from '../../../shared/apiFault';
import type { Operation } from '../../operation';
import { shown } from './fields';
import { webhookLocator } from './locator';

/** MindPeeker documents no call for a single webhook: it is looked up in the list. */
export const get: Operation = {
	value: 'get',
	name: 'Get',
	action: 'Get webhook',
	description: 'Retrieve a webhook',
	fields: [webhookLocator],
	async run(item) {
		const id = item.picked('webhook', 'webhook');
		const webhooks = await (await item.account()).webhookList();
		const found = webhooks.find((webhook) => webhook.id === id);
		if (found) return shown(found);
		throw item.refuse(`There is no webhook ${id}`, CHECK_ID);
	},
};
