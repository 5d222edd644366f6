import type { ILoadOptionsFunctions, INodeListSearchResult, INodeProperties } from 'n8n-workflow';

import { ApiConnection } from '../../../shared/api/connection';
import { ACTIVE_STATUS, createWebhookApi, type Webhook } from '../../../shared/api/webhooks';

const URL_PATTERN = 'https?://.+/webhooks/([^/?#\\s]+)';
const DISPLAYED_STATE = /^(paused|failed)$/i;

/** A webhook, chosen from a list, by its ID, or by its URL in the API or the app. */
export const webhookLocator: INodeProperties = {
	displayName: 'Webhook',
	name: 'webhook',
	type: 'resourceLocator',
	required: true,
	default: { mode: 'list', value: '' },
	description: 'The webhook to use',
	builderHint: {
		propertyHint:
			"An object, never a plain string. With an ID from another node, use { __rl: true, mode: 'id', value: expr('{{ $json.id }}') }. Otherwise use mode 'list' with an empty value, so that the user selects a webhook.",
	},
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Choose a webhook…',
			typeOptions: { searchListMethod: 'searchWebhooks', searchable: true },
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. wh_1234567890',
			validation: [
				{
					type: 'regex',
					properties: {
						regex: '[^/\\s]+',
						errorMessage: 'A webhook ID has no slashes and no spaces',
					},
				},
			],
		},
		{
			displayName: 'By URL',
			name: 'url',
			type: 'string',
			placeholder: 'e.g. https://api.mindpeeker.com/v1/webhooks/wh_1234567890',
			extractValue: { type: 'regex', regex: URL_PATTERN },
			validation: [
				{
					type: 'regex',
					properties: {
						regex: `${URL_PATTERN}.*`,
						errorMessage: 'The URL must contain /webhooks/ and the ID of the webhook',
					},
				},
			],
		},
	],
};

/** Lists the webhooks whose URL or ID contains the filter, with their state. */
export async function searchWebhooks(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const api = await ApiConnection.connect(this);
	const text = filter.toLowerCase();
	const webhooks = await createWebhookApi(api).list();
	const found = webhooks.filter(({ id, url }) => `${url} ${id}`.toLowerCase().includes(text));
	return {
		results: found.map((webhook) => ({
			name: `${webhook.url} (${describeState(webhook, api)})`,
			value: webhook.id,
		})),
	};
}

/** Returns active, paused or failed, or the status as the API returned it. */
function describeState({ active, raw }: Webhook, api: ApiConnection): string {
	if (active) return 'active';
	const { status } = { ...raw };
	const state = typeof status === 'string' ? api.toDisplay(status) : '';
	// An inactive webhook may still have the status "active".
	if (state === '' || ACTIVE_STATUS.test(state)) return 'paused';
	return DISPLAYED_STATE.test(state) ? state.toLowerCase() : state;
}
