import type { INodeProperties } from 'n8n-workflow';

const NOT_AN_ID = 'A webhook ID has no slashes and no spaces';
const IN_URL = 'https?://.+/webhooks/([^/?#\\s]+)';

/** Which webhook: picked from a list, by its id, or by the address of its page or of the API. */
export const webhookLocator: INodeProperties = {
	displayName: 'Webhook',
	name: 'webhook',
	type: 'resourceLocator',
	required: true,
	default: { mode: 'list', value: '' },
	description: 'The webhook to work with',
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
			validation: [{ type: 'regex', properties: { regex: '[^/\\s]+', errorMessage: NOT_AN_ID } }],
		},
		{
			displayName: 'By URL',
			name: 'url',
			type: 'string',
			placeholder: 'e.g. https://api.mindpeeker.com/v1/webhooks/wh_1234567890',
			extractValue: { type: 'regex', regex: IN_URL },
			validation: [
				{
					type: 'regex',
					properties: {
						regex: `${IN_URL}.*`,
						errorMessage: 'The address of a webhook has /webhooks/ and its ID in it',
					},
				},
			],
		},
	],
};
