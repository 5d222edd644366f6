import { EVENT_TYPES } from '../../nodes/shared/events/eventTypes.ts';
import type { Simulator } from '../../simulator/index.mts';

export const ALL_TYPES = EVENT_TYPES.map(({ type }) => type);
/** The signing secret of the webhooks from `createWebhook`. */
export const WEBHOOK_SECRET = 'a secret, with ünïcode';

type ApiAccess = Pick<Simulator, 'baseUrl' | 'apiKey'>;

export interface ApiResponse {
	status: number;
	headers: Headers;
	/** Parsed, if it is JSON. Not typed, because the assertions check it. */
	body: any;
}

/** Sends a request, with a JSON body. */
export async function send(
	method: string,
	url: string,
	body?: unknown,
	headers: Record<string, string> = {},
): Promise<ApiResponse> {
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

/** Sends a request to the management API with a valid key. */
export async function sendApiRequest(
	{ baseUrl, apiKey }: ApiAccess,
	method: string,
	path: string,
	body?: unknown,
): Promise<ApiResponse> {
	return await send(method, `${baseUrl}${path}`, body, { Authorization: `Bearer ${apiKey}` });
}

/** Creates a webhook through the API, and returns its ID. */
export async function createWebhook(
	simulator: ApiAccess,
	url: string,
	events: string[] = ALL_TYPES,
): Promise<string> {
	const { status, body } = await sendApiRequest(simulator, 'POST', '/webhooks', {
		url,
		events,
		secret: WEBHOOK_SECRET,
	});
	if (status !== 201) throw new Error(`The webhook was not created: ${JSON.stringify(body)}`);
	return body.id;
}
