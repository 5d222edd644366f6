import { CHECK_ID } from '../../../shared/api/httpErrors';
import type { Operation } from '../../operation';
import { toOutput } from './fields';
import { webhookLocator } from './locator';

/** MindPeeker documents no endpoint for one webhook, so this reads the list. */
export const getWebhook: Operation = {
	value: 'get',
	name: 'Get',
	action: 'Get webhook',
	description: 'Retrieve a webhook',
	fields: [webhookLocator],
	async run(item) {
		const id = item.readResourceId('webhook', 'webhook');
		const account = await item.getAccount();
		const webhooks = await account.listWebhooks();
		const found = webhooks.find((webhook) => webhook.id === id);
		if (found) return toOutput(found);
		throw item.createError(`There is no webhook ${id}`, CHECK_ID);
	},
};
