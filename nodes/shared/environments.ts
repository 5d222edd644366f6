/** Where MindPeeker's API is, by the credential's `environment`. */
export const BASE_URLS = {
	production: 'https://api.mindpeeker.com/v1',
	staging: 'https://staging-api.mindpeeker.com/v1',
	development: 'https://dev-api.mindpeeker.com/v1',
} as const;

/** The environment whose base url the user gives: a simulator, a proxy. */
export const CUSTOM = 'custom';

/** The base url without a slash at its end; empty where a custom one was not given. */
export function baseUrlOf(credential: { environment?: unknown; baseUrl?: unknown }): string {
	const known = BASE_URLS[credential.environment as keyof typeof BASE_URLS];
	const given = typeof credential.baseUrl === 'string' ? credential.baseUrl : '';
	return known ?? given.trim().replace(/\/+$/, '');
}

/** The same as an n8n expression, for requests that n8n makes from a description. */
export const BASE_URL_EXPRESSION = `={{ (${JSON.stringify(BASE_URLS)})[$credentials.environment] || ($credentials.baseUrl || '').trim().replace(/\\/+$/, '') }}`;
