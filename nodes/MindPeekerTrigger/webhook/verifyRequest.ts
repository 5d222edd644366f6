import type { IWebhookFunctions } from 'n8n-workflow';

import { parseEvent, type EventProblem, type MindPeekerEvent } from '../../shared/events/event';
import { findSignatureProblem, type SignatureProblem } from '../../shared/signature';
import { getOwnGeneratedSecrets, readCredentialSecrets } from '../registration/state';
import { WEBHOOK_NAMES, type Settings } from '../settings';
import { findFilterReason, type FilterReason, type Filters } from './filters';
import { isAllowed } from './ipAllowlist';

/** The parts of a request that are verified. */
export interface Delivery {
	/** n8n's name of the webhook that received the request. */
	readonly webhookName: string;
	/** The sender's address, as n8n reports it. */
	readonly address?: string;
	/** The raw body. Anything but a buffer counts as missing. */
	readonly body: unknown;
	/** The value of the signature header. */
	readonly signature: unknown;
}

export type VerificationSettings = Filters & Pick<Settings, 'acknowledge' | 'allowedIps'>;

export type VerificationResult =
	/** Passed all checks. */
	| { readonly outcome: 'valid'; readonly event: MindPeekerEvent }
	/** Excluded by a filter. MindPeeker must not retry. */
	| { readonly outcome: 'ignored'; readonly event: MindPeekerEvent; readonly reason: FilterReason }
	/** From the future. MindPeeker must retry. */
	| {
			readonly outcome: 'future timestamp';
			readonly event: MindPeekerEvent;
			readonly reason: FilterReason;
	  }
	/** Received on the path of the other choice of Acknowledge. */
	| { readonly outcome: 'wrong path' }
	| { readonly outcome: 'forbidden' }
	| { readonly outcome: 'invalid signature'; readonly reason: SignatureProblem }
	| { readonly outcome: 'malformed'; readonly reason: EventProblem };

/** Verifies a delivery with all valid secrets. Reads the credential, which costs a database query, only if needed. */
export async function verifyRequest(
	context: IWebhookFunctions,
	delivery: Delivery,
	settings: VerificationSettings,
): Promise<VerificationResult> {
	const now = Date.now();
	const generated = getOwnGeneratedSecrets(context, now);
	const result = evaluateRequest(delivery, settings, generated, now);
	if (!dependsOnSecrets(result)) return result;

	const { current = '', previous = '' } = await readCredentialSecrets(context);
	return evaluateRequest(delivery, settings, [...generated, current, previous], now);
}

/** Whether another secret could change the result. */
function dependsOnSecrets(result: VerificationResult): boolean {
	if (result.outcome !== 'invalid signature') return false;
	return result.reason === 'no-secret' || result.reason === 'mismatch';
}

/**
 * Runs all checks in order. The first one that fails determines the result. Never throws.
 *
 * @param secrets the secrets that are currently valid
 * @param now milliseconds since 1970
 */
export function evaluateRequest(
	{ webhookName, address, body, signature }: Delivery,
	settings: VerificationSettings,
	secrets: readonly string[],
	now: number,
): VerificationResult {
	const { acknowledge, allowedIps } = settings;
	if (webhookName !== WEBHOOK_NAMES[acknowledge]) return { outcome: 'wrong path' };
	if (allowedIps !== undefined && !isAllowed(address, allowedIps)) return { outcome: 'forbidden' };

	const signatureProblem = findSignatureProblem(body, signature, secrets);
	if (signatureProblem) return { outcome: 'invalid signature', reason: signatureProblem };

	const parsed = parseEvent(body as Buffer);
	if ('problem' in parsed) return { outcome: 'malformed', reason: parsed.problem };

	const { event } = parsed;
	const reason = findFilterReason(event, settings, now);
	if (!reason) return { outcome: 'valid', event };
	const outcome = reason === 'ahead of the clock' ? 'future timestamp' : 'ignored';
	return { outcome, event, reason };
}
