import type { ApiConnection } from '../../shared/api';
import { webhookApi, type Webhook, type WebhookApi } from '../../shared/webhooks';

/** An account at MindPeeker: what all items with the same API key and base url share. */
export class Account {
	readonly webhooks: WebhookApi;
	private listed?: Promise<Webhook[]>;

	/** @param id tells the account from others, and contains the API key */
	constructor(
		readonly id: string,
		readonly api: ApiConnection,
	) {
		this.webhooks = webhookApi(api);
	}

	/** All webhooks as they were when an item first asked: one request for many items. */
	async webhookList(): Promise<Webhook[]> {
		this.listed ??= this.webhooks.list();
		// After a failure, the next item asks again.
		this.listed.catch(() => (this.listed = undefined));
		return await this.listed;
	}
}
