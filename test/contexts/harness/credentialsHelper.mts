import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IHttpRequestOptions,
} from 'n8n-workflow';

import { MindPeekerApi } from '../../../credentials/MindPeekerApi.credentials.ts';

/** n8n's own is not in n8n-core; this one signs requests in as the credential does it. */
export function credentialsHelper(read: () => IDataObject) {
	const { authenticate } = new MindPeekerApi();
	if (typeof authenticate !== 'function') throw new Error('The credential signs in by a function');
	return {
		getParentTypes: () => [],
		getCredentialsProperties: () => [],
		isCredentialUsableByNode: async () => true,
		preAuthentication: async () => undefined,
		getDecrypted: async () => read(),
		authenticate: async (
			credential: ICredentialDataDecryptedObject,
			_type: string,
			request: IHttpRequestOptions,
		) => await authenticate(credential, request),
	};
}
