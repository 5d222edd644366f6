import type { Operation } from '../../operation';
import { webhookLocator } from './locator';

export const deleteWebhook: Operation = {
	value: 'delete',
	name: 'Delete',
	action: 'Delete webhook',
	description: 'Delete a webhook permanently',
	fields: [webhookLocator],
	async run(item) {
		const id = item.picked('webhook', 'webhook');
		const { webhooks } = await item.account();
		await webhooks.remove(id, { mustExist: true });
		return { deleted: true };
	},
};
