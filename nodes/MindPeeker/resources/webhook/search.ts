import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { ApiConnection } from '../../../shared/api';
import { webhookApi } from '../../../shared/webhooks';

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
		results: found.map(({ id, url, active }) => ({
			name: `${url} (${active ? 'active' : 'paused'})`,
			value: id,
		})),
	};
}
