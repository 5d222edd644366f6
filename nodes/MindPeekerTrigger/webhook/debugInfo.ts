import type { IWebhookFunctions } from 'n8n-workflow';

import type { MindPeekerEvent } from '../../shared/events/event';
import { findSignatureProblem } from '../../shared/signature';
import { parseTime } from '../../shared/time';
import {
	getKnownRegistration,
	getOwnGeneratedSecrets,
	readCredentialSecrets,
} from '../registration/state';
import type { Delivery, VerificationResult } from './verifyRequest';

/** Details for the log if the option Debug is on. They contain no secret, signature or event data. */
export async function collectDebugInfo(
	context: IWebhookFunctions,
	delivery: Delivery,
	result: VerificationResult,
): Promise<string[]> {
	const { headers } = context.getRequestObject();
	return [
		`from ${delivery.address ?? 'an unknown address'}`,
		Buffer.isBuffer(delivery.body) ? `${delivery.body.length} bytes` : 'no raw body',
		`content type ${headers['content-type'] ?? 'missing'}`,
		`user agent ${headers['user-agent'] ?? 'missing'}`,
		...('event' in result
			? [...describeEvent(result.event), await describeSecret(context, delivery)]
			: []),
	];
}

/** Invalid values are not shown, because they may contain anything. */
function describeEvent({ created_at: createdAt, livemode }: MindPeekerEvent): string[] {
	return [
		`created at ${formatTime(createdAt) ?? 'an unknown time'}`,
		`live mode ${typeof livemode === 'boolean' ? livemode : 'unknown'}`,
	];
}

function formatTime(value: unknown): string | undefined {
	if (typeof value === 'string')
		return /^[\d-]{10}T[\d:.Z+-]{1,20}$/.test(value) ? value : undefined;
	const time = new Date(parseTime(value));
	return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

/** Shows when the previous secret of a rotation is no longer used. */
async function describeSecret(context: IWebhookFunctions, delivery: Delivery): Promise<string> {
	try {
		return `signed with ${await identifySecret(context, delivery)}`;
	} catch {
		return 'signed with an unknown secret, because the credential could not be read';
	}
}

async function identifySecret(
	context: IWebhookFunctions,
	{ body, signature }: Delivery,
): Promise<string> {
	const isSignedWith = (secret = '') => !findSignatureProblem(body, signature, [secret]);
	const { generatedSecret } = getKnownRegistration(context) ?? {};
	if (isSignedWith(generatedSecret)) return 'the current generated secret';
	if (getOwnGeneratedSecrets(context, Date.now()).some(isSignedWith)) {
		return 'a previous generated secret';
	}
	const { current, previous } = await readCredentialSecrets(context);
	if (isSignedWith(current)) return "the credential's signing secret";
	return isSignedWith(previous)
		? "the credential's previous signing secret"
		: 'a secret that is no longer valid';
}
