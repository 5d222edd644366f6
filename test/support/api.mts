import { EVENT_TYPES } from '../../nodes/shared/events/index.ts';
import type { Simulator } from '../../simulator/index.mts';

export const ALL_TYPES = EVENT_TYPES.map(({ type }) => type);
/** Of each webhook that `register` makes. */
export const SECRET = 'a secret, with ünïcode';

/** What it takes to call the management API. */
type ApiAccess = Pick<Simulator, 'baseUrl' | 'apiKey'>;

export interface ApiAnswer {
	status: number;
	headers: Headers;
	/** Parsed where it is JSON; what a test expects of it, its assertions check. */
	body: any;
}

/** Calls any url. A body is sent as JSON. */
export async function call(
	method: string,
	url: string,
	body?: unknown,
	headers: Record<string, string> = {},
): Promise<ApiAnswer> {
	const response = await fetch(url, {
		method,
		headers: { ...(body !== undefined && { 'Content-Type': 'application/json' }), ...headers },
		body: body === undefined ? undefined : JSON.stringify(body),
	});
	const text = await response.text();
	const isJson = response.headers.get('content-type')?.includes('json');
	return {
		status: response.status,
		headers: response.headers,
		body: isJson ? JSON.parse(text) : text,
	};
}

/** Calls the management API with a valid key. */
export async function callApi(
	{ baseUrl, apiKey }: ApiAccess,
	method: string,
	path: string,
	body?: unknown,
): Promise<ApiAnswer> {
	return await call(method, `${baseUrl}${path}`, body, { Authorization: `Bearer ${apiKey}` });
}

/** Registers a webhook through the API and gives its id. */
export async function register(
	simulator: ApiAccess,
	url: string,
	events: string[] = ALL_TYPES,
): Promise<string> {
	const { status, body } = await callApi(simulator, 'POST', '/webhooks', {
		url,
		events,
		secret: SECRET,
	});
	if (status !== 201) throw new Error(`The webhook was not registered: ${JSON.stringify(body)}`);
	return body.id;
}
