import { RETRY_WINDOW_MS } from '../../shared/retrySchedule';
import type { Made } from '../../shared/registration/apply';
import type { Desired, Own } from '../../shared/registration/plan';
import { digestOf, isDigestOf } from '../../shared/registration/secret';

/** The webhook that this node made at MindPeeker, with what tells whether its secret is still in force. */
export interface Registration {
	readonly webhookId: string;
	/** The secret where the node made it. */
	readonly generatedSecret?: string;
	/** A digest of the credential's secret where that was used. */
	readonly secretDigest?: string;
}

/** A secret whose webhook is gone, kept for what MindPeeker may still be delivering under it. */
export interface FormerSecret {
	readonly secret: string;
	/** Milliseconds since 1970. */
	readonly validUntil: number;
}

/** What n8n keeps for this node in the workflow's static data; only `create` and `delete` may write it. */
export interface RegistrationState {
	registration?: Registration;
	formerSecrets?: FormerSecret[];
}

/** The secrets that the node itself made and that a delivery may be signed with now. */
export function generatedSecrets(state: RegistrationState, now: number): string[] {
	const current = state.registration?.generatedSecret;
	const former = unexpired(state, now).map(({ secret }) => secret);
	return current === undefined ? former : [current, ...former];
}

/** What is kept of a webhook that was made: its secret in clear only where the node has no other way to know it. */
export function registrationOf({ webhookId, secret }: Made, desired: Desired): Registration {
	return desired.secret === undefined
		? { webhookId, generatedSecret: secret }
		: { webhookId, secretDigest: digestOf(secret) };
}

/** What is known of the webhook that was made, beside the one that is desired. */
export function ownOf(
	registration: Registration | undefined,
	{ secret }: Desired,
): Own | undefined {
	if (!registration) return undefined;
	const { webhookId, generatedSecret, secretDigest = '' } = registration;
	const isInForce =
		secret === undefined ? generatedSecret !== undefined : isDigestOf(secretDigest, secret);
	return { webhookId, isInForce };
}

/** Takes a new registration in place of the one before. */
export function replaceRegistration(
	state: RegistrationState,
	registration: Registration,
	now: number,
): void {
	retireRegistration(state, now);
	state.registration = registration;
}

/** Forgets the webhook, which is gone; a secret made for it stays valid for the retry window. */
export function retireRegistration(state: RegistrationState, now: number): void {
	const secret = state.registration?.generatedSecret;
	const retired = secret === undefined ? [] : [{ secret, validUntil: now + RETRY_WINDOW_MS }];
	state.formerSecrets = [...retired, ...unexpired(state, now)];
	delete state.registration;
}

function unexpired(state: RegistrationState, now: number): FormerSecret[] {
	return (state.formerSecrets ?? []).filter(({ validUntil }) => validUntil > now);
}
