import type { IHookFunctions, IWebhookFunctions } from 'n8n-workflow';

import { RETRY_WINDOW_MS } from '../../shared/retrySchedule';
import type { Made } from '../../shared/registration/apply';
import type { Desired, Own } from '../../shared/registration/plan';
import { digestOf, isDigestOf } from '../../shared/registration/secret';
import { WEBHOOK_NAMES } from '../acknowledge';

/** The webhook that a node registered at MindPeeker. Version 0.1.0 stored the id and the secret alone. */
export interface Registration extends Partial<Origin> {
	readonly webhookId: string;
	/** The secret, if the node generated it. */
	readonly generatedSecret?: string;
	/** A digest of the credential's secret, if that was used. */
	readonly secretDigest?: string;
}

/** Who registered a webhook, and where. Tells a node from its copy, and an account from another. */
export interface Origin {
	readonly workflowId: string;
	/** n8n's id of itself, by which an n8n is told from another one. */
	readonly instanceId: string;
	/** What the webhook delivers to. */
	readonly url: string;
	/** Host and path of the API, such as `api.mindpeeker.com/v1`. */
	readonly api: string;
	/** A slow digest of the API key. */
	readonly apiKeyDigest: string;
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
export function registrationOf(
	{ webhookId, secret }: Made,
	desired: Desired,
	digest = digestOf,
): Registration {
	return desired.secret === undefined
		? { webhookId, generatedSecret: secret }
		: { webhookId, secretDigest: digest(secret) };
}

/** What n8n keeps for the node in this workflow. */
export function stateOf(context: IHookFunctions | IWebhookFunctions): RegistrationState {
	return context.getWorkflowStaticData('node') as RegistrationState;
}

type Context = IHookFunctions | IWebhookFunctions;

/** Which node of which n8n this is. */
export function identityOf(context: Context): Pick<Origin, 'workflowId' | 'instanceId'> {
	return { workflowId: String(context.getWorkflow().id), instanceId: context.getInstanceId() };
}

/**
 * What this node registered. Static data that came with a copy names another workflow, or another n8n at another
 * address.
 */
export function knownRegistration(context: Context): Registration | undefined {
	const { registration } = stateOf(context);
	const own = identityOf(context);
	const { workflowId, instanceId, url } = { ...own, ...registration };
	if (workflowId !== own.workflowId) return undefined;
	const isHere = () =>
		Object.values(WEBHOOK_NAMES).some((name) => context.getNodeWebhookUrl(name) === url);
	return instanceId === own.instanceId || isHere() ? registration : undefined;
}

/** Whether the static data is that of another node, whose secrets are not valid here. */
export function isForeign(context: Context): boolean {
	return stateOf(context).registration !== undefined && !knownRegistration(context);
}

/** The secrets that this node itself made and that a delivery may be signed with now. */
export function validSecrets(context: Context, now: number): string[] {
	return isForeign(context) ? [] : generatedSecrets(stateOf(context), now);
}

/** What is known of the webhook that was made, beside the one that is desired. */
export function ownOf(
	registration: Registration | undefined,
	{ secret }: Desired,
	isDigest = isDigestOf,
): Own | undefined {
	if (!registration) return undefined;
	const { webhookId, generatedSecret, secretDigest = '' } = registration;
	const isInForce =
		secret === undefined ? generatedSecret !== undefined : isDigest(secretDigest, secret);
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
