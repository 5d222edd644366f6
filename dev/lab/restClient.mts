import { randomUUID } from 'node:crypto';
import { getErrorMessage, RestError } from './errors.mts';
import type { Release } from './releases.mts';

export interface Owner {
	email: string;
	password: string;
}

export const OWNER: Owner = { email: 'owner@example.com', password: 'Mind-Peeker-1' };

/** n8n's REST API, as the editor uses it. Methods reject with a RestError. */
export class RestClient {
	private cookie = '';
	private readonly browserId = randomUUID(); // the cookie is bound to it

	constructor(
		private readonly url: string,
		/** The version of n8n. */
		readonly release: Release,
	) {}

	/** Creates the owner. A new n8n accepts no other request before. */
	async setUpOwner(owner: Owner): Promise<void> {
		await this.request('POST', '/owner/setup', { ...owner, firstName: 'Lab', lastName: 'Owner' });
	}

	async logIn({ email, password }: Owner): Promise<void> {
		await this.request('POST', '/login', { emailOrLdapLoginId: email, password });
	}

	/** Sends a request and returns the `data` of the response. */
	async request<T = unknown>(method: string, path: string, body?: object): Promise<T> {
		const response = await fetch(`${this.url}/rest${path}`, {
			method,
			headers: {
				cookie: this.cookie,
				'browser-id': this.browserId,
				...(body && { 'content-type': 'application/json' }),
			},
			body: body && JSON.stringify(body),
		}).catch((error: unknown) => {
			throw new RestError(`${method} ${path}`, 0, getErrorMessage(error));
		});
		const cookie = response.headers.getSetCookie().find((one) => one.startsWith('n8n-auth='));
		if (cookie) this.cookie = cookie.split(';')[0] ?? '';
		return readData<T>(`${method} ${path}`, response.status, await response.text());
	}
}

function readData<T>(request: string, status: number, text: string): T {
	const json = parse(text);
	if (status < 400 && json) return json.data as T;
	throw new RestError(request, status, json?.message ?? text.slice(0, 500));
}

function parse(text: string): { data?: unknown; message?: string } | undefined {
	try {
		return JSON.parse(text) as { data?: unknown; message?: string };
	} catch {
		return undefined;
	}
}
