import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { ApiConnection } from '../../../shared/api';
import { DELIVERING, webhookApi, type Webhook } from '../../../shared/webhooks';

const KNOWN_STATE = /^(paused|failed)$/i;

/** The webhooks of the account whose url or id contains the text, with their state. */
export async function searchWebhooks(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const api = await ApiConnection.connect(this);
	const sought = filter.toLowerCase();
	const webhooks = await webhookApi(api).list();
	const found = webhooks.filter(({ id, url }) => `${url} ${id}`.toLowerCase().includes(sought));
	return {
		results: found.map((webhook) => ({
			name: `${webhook.url} (${stateOf(webhook, api)})`,
			value: webhook.id,
		})),
	};
}

/** Active, paused or failed; any other state as the service names it. */
function stateOf({ active, asSent }: Webhook, api: ApiConnection): string {
	if (active) return 'active';
	const { status } = { ...asSent };
	const state = typeof status === 'string' ? api.shown(status) : '';
	// A status that says "active" is not the reason that the webhook is not.
	if (state === '' || DELIVERING.test(state)) return 'paused';
	return KNOWN_STATE.test(state) ? state.toLowerCase() : state;
}
