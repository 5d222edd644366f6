import type { Operation } from '../../operation';
import { webhookLocator } from './locator';

export const deleteWebhook: Operation = {
	value: 'delete',
	name: 'Delete',
	action: 'Delete webhook',
	description: 'Delete a webhook permanently',
	fields: [webhookLocator],
	writes: 'idempotent',
	async run(item) {
		const id = item.picked('webhook', 'webhook');
		const { webhooks } = await item.account();
		// An earlier try may have removed it already.
		await webhooks.remove(id, { mustExist: !item.mayBeDone });
		return { deleted: true };
	},
};
