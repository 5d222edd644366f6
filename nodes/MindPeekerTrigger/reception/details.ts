import type { IWebhookFunctions } from 'n8n-workflow';

import { findSignatureFault } from '../../shared/signature';
import { readCredentialSecrets } from '../credentialSecrets';
import { generatedSecrets, type RegistrationState } from '../registration/state';
import type { Delivery } from './delivery';
import type { Verdict } from './receive';

/** What else there is to say of a delivery, where the user asks for it: never a secret, a signature or a payload. */
export async function detailsOf(
	context: IWebhookFunctions,
	delivery: Delivery,
	verdict: Verdict,
): Promise<string[]> {
	const { headers } = context.getRequestObject();
	const event = 'event' in verdict ? verdict.event : undefined;
	return [
		`from ${delivery.address ?? 'an unknown address'}`,
		Buffer.isBuffer(delivery.body) ? `${delivery.body.length} bytes` : 'no raw body',
		`content type ${headers['content-type'] ?? 'none'}`,
		`user agent ${headers['user-agent'] ?? 'none'}`,
		...(event
			? [`created at ${String(event.created_at)}`, `live mode ${String(event.livemode)}`]
			: []),
		...(event ? [`signed with ${await nameOfSecret(context, delivery)}`] : []),
	];
}

/** Tells when the previous secret of a rotation is needed no more. */
async function nameOfSecret(
	context: IWebhookFunctions,
	{ body, signature }: Delivery,
): Promise<string> {
	const state = context.getWorkflowStaticData('node') as RegistrationState;
	const { current = '', previous = '' } = await readCredentialSecrets(context);
	const gives = (secret = '') => !findSignatureFault(body, signature, [secret]);
	if (gives(state.registration?.generatedSecret)) return 'the secret that the trigger made';
	if (generatedSecrets(state, Date.now()).some(gives))
		return 'a former secret that the trigger made';
	if (gives(current)) return "the credential's signing secret";
	return gives(previous)
		? "the credential's previous signing secret"
		: 'no secret in force any more';
}
