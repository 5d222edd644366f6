import type { IHookFunctions, IWebhookFunctions } from 'n8n-workflow';

import { CREDENTIAL_TYPE } from '../../shared/api/transport';
import { RETRY_WINDOW_MS } from '../../shared/retrySchedule';
import type { CreatedWebhook } from '../../shared/registration/apply';
import type { DesiredWebhook, KnownWebhook } from '../../shared/registration/plan';
import { digestSecret, matchesDigest } from '../../shared/registration/secret';
import { WEBHOOK_NAMES } from '../settings';

/** The registered webhook, as stored. Version 0.1.0 stored only its id and secret. */
export interface Registration extends Partial<Origin> {
	readonly webhookId: string;
	/** Set if the node generated the secret. */
	readonly generatedSecret?: string;
	/** Set if the secret is in the credential. */
	readonly secretDigest?: string;
}

/** Distinguishes a node from its copies. */
interface NodeOrigin {
	readonly workflowId: string;
	/** The id of the n8n instance. */
	readonly instanceId: string;
	/** The URL of the webhook. */
	readonly url: string;
}

/** Distinguishes a node from its copies, and an account from others. */
export interface Origin extends NodeOrigin {
	/** Host and path of the API, such as `api.mindpeeker.com/v1`. */
	readonly api: string;
	/** A slow digest of the API key. */
	readonly apiKeyDigest: string;
}

/** The secret of a removed webhook. Retries may still be signed with it. Version 0.1.0 did not store its origin. */
export interface FormerSecret extends Partial<NodeOrigin> {
	readonly secret: string;
	/** Milliseconds since 1970. */
	readonly validUntil: number;
}

/** The node's static data. n8n saves it only after `create` and `delete`. */
export interface RegistrationState {
	registration?: Registration;
	formerSecrets?: FormerSecret[];
}

type Context = IHookFunctions | IWebhookFunctions;

export function getState(context: Context): RegistrationState {
	return context.getWorkflowStaticData('node') as RegistrationState;
}

export function getNodeIdentity(context: Context): Pick<Origin, 'workflowId' | 'instanceId'> {
	return { workflowId: String(context.getWorkflow().id), instanceId: context.getInstanceId() };
}

/**
 * Whether this node stored the data. Static data that was copied from another node has another workflow id, or another
 * instance and URL. Version 0.1.0 stored no origin, so its data counts as this node's.
 */
function isOwn(context: Context, origin: Partial<NodeOrigin>): boolean {
	const identity = getNodeIdentity(context);
	const { workflowId = identity.workflowId, instanceId = identity.instanceId, url } = origin;
	if (workflowId !== identity.workflowId) return false;
	if (instanceId === identity.instanceId) return true;
	return Object.values(WEBHOOK_NAMES).some((name) => context.getNodeWebhookUrl(name) === url);
}

/** What this node registered. Undefined if the static data was copied from another node. */
export function getKnownRegistration(context: Context): Registration | undefined {
	const { registration } = getState(context);
	return registration && isOwn(context, registration) ? registration : undefined;
}

/** The state without what was copied from another node, whose secrets are not valid here. */
function getOwnState(context: Context): RegistrationState & { formerSecrets: FormerSecret[] } {
	const { registration, formerSecrets = [] } = getState(context);
	if (registration && !isOwn(context, registration)) return { formerSecrets: [] };
	return { registration, formerSecrets: formerSecrets.filter((former) => isOwn(context, former)) };
}

/** Removes what was copied from another node. */
export function removeCopiedState(context: Context): void {
	const state = getState(context);
	const { registration, formerSecrets } = getOwnState(context);
	if (!registration) delete state.registration;
	state.formerSecrets = formerSecrets;
}

/** The valid secrets that this node generated. */
export function getOwnGeneratedSecrets(context: Context, now: number): string[] {
	return listGeneratedSecrets(getOwnState(context), now);
}

/** The generated secret of the stored webhook, then those of removed webhooks that are still valid. */
export function listGeneratedSecrets(state: RegistrationState, now: number): string[] {
	const current = state.registration?.generatedSecret;
	const former = getUnexpiredSecrets(state, now).map(({ secret }) => secret);
	return current === undefined ? former : [current, ...former];
}

/** What to store of a created webhook. A secret from the credential is stored only as a digest. */
export function toRegistration(
	{ webhookId, secret }: CreatedWebhook,
	desired: DesiredWebhook,
	digest = digestSecret,
): Registration {
	return desired.secret === undefined
		? { webhookId, generatedSecret: secret }
		: { webhookId, secretDigest: digest(secret) };
}

/** The registered webhook, and whether its secret is the desired one. */
export function getKnownWebhook(
	registration: Registration | undefined,
	{ secret }: DesiredWebhook,
	isMatch = matchesDigest,
): KnownWebhook | undefined {
	if (!registration) return undefined;
	const { webhookId, generatedSecret, secretDigest = '' } = registration;
	const isSecretCurrent =
		secret === undefined ? generatedSecret !== undefined : isMatch(secretDigest, secret);
	return { webhookId, isSecretCurrent };
}

export function replaceRegistration(
	state: RegistrationState,
	registration: Registration,
	now: number,
): void {
	retireRegistration(state, now);
	state.registration = registration;
}

/** Forgets a removed webhook. A generated secret stays valid for the retry window. */
export function retireRegistration(state: RegistrationState, now: number): void {
	const { generatedSecret: secret, workflowId, instanceId, url } = state.registration ?? {};
	const validUntil = now + RETRY_WINDOW_MS;
	const retired = secret === undefined ? [] : [{ secret, validUntil, workflowId, instanceId, url }];
	state.formerSecrets = [...retired, ...getUnexpiredSecrets(state, now)];
	delete state.registration;
}

function getUnexpiredSecrets(state: RegistrationState, now: number): FormerSecret[] {
	return (state.formerSecrets ?? []).filter(({ validUntil }) => validUntil > now);
}

/** The signing secrets in the credential. An empty field counts as missing. */
export interface CredentialSecrets {
	readonly current?: string;
	readonly previous?: string;
}

export async function readCredentialSecrets(context: Context): Promise<CredentialSecrets> {
	const { signingSecret, previousSigningSecret } = await context.getCredentials(CREDENTIAL_TYPE);
	return { current: toSecret(signingSecret), previous: toSecret(previousSigningSecret) };
}

function toSecret(field: unknown): string | undefined {
	return typeof field === 'string' && field !== '' ? field : undefined;
}
