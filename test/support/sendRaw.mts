import { request } from 'node:http';
import { text } from 'node:stream/consumers';

export interface RawRequest {
	/** POST where left out. */
	method?: string;
	/** Name and value in turn; a name may come twice. */
	headers: string[];
	body: Buffer;
}

export interface Answer {
	status: number;
	text: string;
}

/** Sends exactly what is asked for, and gives the answer. */
export async function sendRaw(
	url: string,
	{ method = 'POST', headers, body }: RawRequest,
): Promise<Answer> {
	const { host } = new URL(url);
	return await new Promise((resolve, reject) => {
		const sending = request(url, {
			method,
			headers: ['Host', host, 'Content-Length', String(body.length), ...headers],
		});
		sending.on('error', reject);
		sending.on('response', (response) => {
			text(response).then(
				(body) => resolve({ status: response.statusCode ?? 0, text: body }),
				reject,
			);
		});
		sending.end(body);
	});
}
