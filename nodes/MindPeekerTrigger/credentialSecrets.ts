import type { IHookFunctions, IWebhookFunctions } from 'n8n-workflow';

import { CREDENTIAL } from '../shared/credential';

/** The signing secrets that the user keeps in the credential; an empty field counts as none. */
export interface CredentialSecrets {
	readonly current?: string;
	readonly previous?: string;
}

export async function readCredentialSecrets(
	context: IHookFunctions | IWebhookFunctions,
): Promise<CredentialSecrets> {
	const { signingSecret, previousSigningSecret } = await context.getCredentials(CREDENTIAL);
	return { current: textOf(signingSecret), previous: textOf(previousSigningSecret) };
}

function textOf(field: unknown): string | undefined {
	return typeof field === 'string' && field !== '' ? field : undefined;
}
