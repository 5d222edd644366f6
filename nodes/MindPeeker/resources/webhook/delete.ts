import type { Operation } from '../../operation';
import { webhookLocator } from './locator';

export const deleteWebhook: Operation = {
	value: 'delete',
	name: 'Delete',
	action: 'Delete webhook',
	description: 'Delete a webhook permanently',
	fields: [webhookLocator],
	sideEffect: 'idempotent',
	async run(item) {
		const id = item.readResourceId('webhook', 'webhook');
		const { webhooks } = await item.getAccount();
		await webhooks.remove(id, { mustExist: !item.mayHaveSucceeded });
		return { deleted: true };
	},
};
