import { request } from 'node:http';
import { text } from 'node:stream/consumers';

export interface RawRequest {
	/** POST by default. */
	method?: string;
	/** Names and values in turn. A name may occur twice. */
	headers: string[];
	body: Buffer;
	/** The address that the request comes from. On Linux, any that starts with `127.` is possible. */
	localAddress?: string;
}

export interface RawResponse {
	status: number;
	text: string;
}

/** Sends the request with exactly these headers. */
export async function sendRaw(
	url: string,
	{ method = 'POST', headers, body, localAddress }: RawRequest,
): Promise<RawResponse> {
	const { host } = new URL(url);
	return await new Promise((resolve, reject) => {
		const outgoing = request(url, {
			method,
			localAddress,
			headers: ['Host', host, 'Content-Length', String(body.length), ...headers],
		});
		outgoing.on('error', reject);
		outgoing.on('response', (response) => {
			text(response).then(
				(body) => resolve({ status: response.statusCode ?? 0, text: body }),
				reject,
			);
		});
		outgoing.end(body);
	});
}
