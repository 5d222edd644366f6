import type { IWebhookFunctions } from 'n8n-workflow';

import type { MindPeekerEvent } from '../../shared/event';
import { findSignatureFault } from '../../shared/signature';
import { parseTime } from '../../shared/time';
import { readCredentialSecrets } from '../credentialSecrets';
import { generatedSecrets, type RegistrationState } from '../registration/state';
import type { Delivery } from './delivery';
import type { Verdict } from './verdict';

/** What else there is to say of a delivery, where the user asks for it: never a secret, a signature or a payload. */
export async function detailsOf(
	context: IWebhookFunctions,
	delivery: Delivery,
	verdict: Verdict,
): Promise<string[]> {
	const { headers } = context.getRequestObject();
	return [
		`from ${delivery.address ?? 'an unknown address'}`,
		Buffer.isBuffer(delivery.body) ? `${delivery.body.length} bytes` : 'no raw body',
		`content type ${headers['content-type'] ?? 'none'}`,
		`user agent ${headers['user-agent'] ?? 'none'}`,
		...('event' in verdict
			? [...timeAndMode(verdict.event), await tellSecret(context, delivery)]
			: []),
	];
}

/** The value of a field that is not what it should be is left out. */
function timeAndMode({ created_at: createdAt, livemode }: MindPeekerEvent): string[] {
	return [
		`created at ${showTime(createdAt) ?? 'an unknown time'}`,
		`live mode ${typeof livemode === 'boolean' ? livemode : 'unknown'}`,
	];
}

function showTime(value: unknown): string | undefined {
	if (typeof value === 'string')
		return /^[\d-]{10}T[\d:.Z+-]{1,20}$/.test(value) ? value : undefined;
	const time = new Date(parseTime(value));
	return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

/** Tells when the previous secret of a rotation is needed no more. */
async function tellSecret(context: IWebhookFunctions, delivery: Delivery): Promise<string> {
	try {
		return `signed with ${await nameOfSecret(context, delivery)}`;
	} catch {
		return 'signed with a secret that cannot be named, for the credential cannot be read';
	}
}

async function nameOfSecret(
	context: IWebhookFunctions,
	{ body, signature }: Delivery,
): Promise<string> {
	const state = context.getWorkflowStaticData('node') as RegistrationState;
	const gives = (secret = '') => !findSignatureFault(body, signature, [secret]);
	if (gives(state.registration?.generatedSecret)) return 'the secret that the trigger made';
	if (generatedSecrets(state, Date.now()).some(gives))
		return 'a former secret that the trigger made';
	const { current, previous } = await readCredentialSecrets(context);
	if (gives(current)) return "the credential's signing secret";
	return gives(previous)
		? "the credential's previous signing secret"
		: 'no secret in force any more';
}
