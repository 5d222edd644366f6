/** The name of the credential type. */
export const CREDENTIAL_TYPE = 'mindPeekerApi';

/** The base URLs of the API, by the `environment` of the credential. */
export const BASE_URLS = {
	production: 'https://api.mindpeeker.com/v1',
	staging: 'https://staging-api.mindpeeker.com/v1',
	development: 'https://dev-api.mindpeeker.com/v1',
} as const;

/** The environment in which the user enters the base URL, for example of the simulator. */
export const CUSTOM_ENVIRONMENT = 'custom';

/** Returns the base URL without a trailing slash. Empty if a custom one is missing. */
export function getBaseUrl(credential: { environment?: unknown; baseUrl?: unknown }): string {
	const known = BASE_URLS[credential.environment as keyof typeof BASE_URLS];
	const custom = typeof credential.baseUrl === 'string' ? credential.baseUrl : '';
	return known ?? custom.trim().replace(/\/+$/, '');
}

/** `getBaseUrl` as an n8n expression, for declarative requests. */
export const BASE_URL_EXPRESSION = `={{ (${JSON.stringify(BASE_URLS)})[$credentials.environment] || ($credentials.baseUrl || '').trim().replace(/\\/+$/, '') }}`;
