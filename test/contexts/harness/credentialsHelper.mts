import type { IDataObject, IHttpRequestOptions } from 'n8n-workflow';

import { MindPeekerApi } from '../../../credentials/MindPeekerApi.credentials.ts';

/** n8n's own is not in n8n-core; this one signs requests in as the credential describes it. */
export function credentialsHelper(read: () => IDataObject) {
	const { headers } = new MindPeekerApi().authenticate.properties as {
		headers: Record<string, string>;
	};
	return {
		getParentTypes: () => [],
		getCredentialsProperties: () => [],
		isCredentialUsableByNode: async () => true,
		preAuthentication: async () => undefined,
		getDecrypted: async () => read(),
		authenticate: async (credential: IDataObject, _type: string, request: IHttpRequestOptions) => ({
			...request,
			headers: { ...request.headers, ...resolve(headers, credential) },
		}),
	};
}

function resolve(headers: Record<string, string>, credential: IDataObject) {
	const entries = Object.entries(headers).map(([name, value]) => [
		name,
		value
			.replace(/^=/, '')
			.replace(/\{\{\s*\$credentials\.(\w+)\s*\}\}/g, (_, field: string) =>
				String(credential[field]),
			),
	]);
	return Object.fromEntries(entries) as Record<string, string>;
}
