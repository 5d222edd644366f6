import type { Icon, ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';

import { BASE_URL_EXPRESSION, BASE_URLS, CUSTOM_ENVIRONMENT } from '../nodes/shared/api/connection';
import { SECRET_OVERLAP_HOURS } from '../nodes/shared/retrySchedule';

export class MindPeekerApi implements ICredentialType {
	name = 'mindPeekerApi';

	displayName = 'MindPeeker API';

	documentationUrl = 'https://github.com/mindpeeker/n8n-nodes-mindpeeker#credentials';

	icon: Icon = {
		light: 'file:../nodes/icons/mindpeeker.svg',
		dark: 'file:../nodes/icons/mindpeeker.dark.svg',
	};

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
					value: CUSTOM_ENVIRONMENT,
					description: 'Another base URL, such as that of the simulator',
				},
			],
			default: 'production',
			description:
				'The MindPeeker environment to use. Only Custom allows webhook URLs in a private network.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. http://127.0.0.1:4010/v1',
			description:
				'URL of the API including its version. The simulator shows its URL at the top of its page.',
			displayOptions: { show: { environment: [CUSTOM_ENVIRONMENT] } },
		},
		{
			displayName: 'Signing Secret',
			name: 'signingSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			hint: 'Leave empty to let the trigger generate a secret',
			description:
				'Secret that MindPeeker signs deliveries with. Required if Registration is Manual. After a change, unpublish and publish the workflows that use it.',
		},
		{
			displayName: 'Previous Signing Secret',
			name: 'previousSigningSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: `Former signing secret, so that retries signed with it are still accepted. Remove it ${SECRET_OVERLAP_HOURS} hours after you unpublished and published the last workflow.`,
		},
	];

	/** A function, because n8n cannot evaluate an expression after a lifecycle method has ended. */
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
			// n8n would send the API key to the target of the redirect.
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
