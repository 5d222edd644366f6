import type { Icon, ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';

import { BASE_URL_EXPRESSION, BASE_URLS, CUSTOM } from '../nodes/shared/environments';

export class MindPeekerApi implements ICredentialType {
	name = 'mindPeekerApi';

	displayName = 'MindPeeker API';

	documentationUrl = 'https://github.com/mindpeeker/n8n-nodes-mindpeeker#credentials';

	icon: Icon = { light: 'file:../icons/mindpeeker.svg', dark: 'file:../icons/mindpeeker.dark.svg' };

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'Authenticates n8n with MindPeeker. It is sent to the chosen environment only.',
		},
		{
			displayName: 'Environment',
			name: 'environment',
			type: 'options',
			options: [
				{ name: 'Production', value: 'production', description: BASE_URLS.production },
				{ name: 'Staging', value: 'staging', description: BASE_URLS.staging },
				{ name: 'Development', value: 'development', description: BASE_URLS.development },
				{
					name: 'Custom',
					value: CUSTOM,
					description: 'A base URL of your own, such as that of the simulator',
				},
			],
			default: 'production',
			description:
				'Which MindPeeker environment to use. With Custom, webhook URLs that only a local network can reach are accepted as well.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. http://127.0.0.1:4010/v1',
			description:
				'Where the API is, with its version and without a slash at the end; the simulator shows its own at the top of its page',
			displayOptions: { show: { environment: [CUSTOM] } },
		},
		{
			displayName: 'Signing Secret',
			name: 'signingSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			hint: 'Leave empty, and the trigger makes a secret of its own',
			description:
				"What MindPeeker signs its deliveries with, and the trigger verifies them by. Needed where the trigger's registration is manual. After a change, unpublish and publish the workflows that use it: for half a second they have no webhook.",
		},
		{
			displayName: 'Previous Signing Secret',
			name: 'previousSigningSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'While you change the signing secret: the former one, so that deliveries signed with it are still accepted. Remove it two hours after you unpublished and published the last workflow.',
		},
	];

	/** Without an expression, which n8n cannot evaluate for a request that outlives a lifecycle method. */
	authenticate: ICredentialType['authenticate'] = async ({ apiKey }, request) => ({
		...request,
		headers: { ...request.headers, Authorization: `Bearer ${String(apiKey)}` },
	});

	test: ICredentialTestRequest = {
		request: {
			baseURL: BASE_URL_EXPRESSION,
			url: '/webhooks',
			method: 'GET',
			timeout: 10_000,
			// n8n would follow with the API key, to any host.
			disableFollowRedirect: true,
		},
		rules: [
			{
				type: 'responseCode',
				properties: {
					value: 401,
					message:
						'MindPeeker does not accept this API key. Check that it is complete, and that it belongs to the chosen environment.',
				},
			},
		],
	};
}
