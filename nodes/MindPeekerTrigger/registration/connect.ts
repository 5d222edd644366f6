import type { IHookFunctions } from 'n8n-workflow';

import { ApiConnection, getBaseUrl } from '../../shared/api/connection';
import { CREDENTIAL_TYPE } from '../../shared/api/transport';
import { digestSecret, matchesDigest } from '../../shared/registration/secret';
import { RetryPolicy } from '../../shared/api/retryPolicy';
import type { RetryLimits } from '../../shared/api/retryDelay';
import { createWebhookApi, type WebhookApi } from '../../shared/api/webhooks';
import { memoizePerNode } from '../nodeContext';
import { getOwnGeneratedSecrets, type Origin, type Registration } from './state';

export interface Connection {
	readonly webhooks: WebhookApi;
	readonly account: AccountIdentity;
}

/**
 * n8n aborts a publication, including its retries, after 84 s. It discards static data that a later attempt stores.
 */
const PUBLICATION_MS = 84_000;
const MAX_WAIT_MS = 70_000;
/** Minimum wait if the user publishes again within these 84 s. */
const MIN_WAIT_MS = 2_000;
const LIMITS: RetryLimits = {
	// n8n itself retries a publication four times, and the removal of a webhook twice.
	maxRetries: 2,
	maxRetryMs: 5_000,
	maxRetryAfterMs: 60_000,
	maxRateLimitWaitMs: MAX_WAIT_MS,
	maxTotalMs: 120_000,
};
const REMOVAL_RETRIES = 4;
/** A user is waiting in the editor. */
const MAX_TEST_WAIT_MS = 5_000;

/** When n8n started to publish or unpublish the node, as a performance.now() time, and whether that was a removal. */
const getPublication = memoizePerNode(() => ({ startedAt: -Infinity, isRemoval: false }));

/** @throws {MindPeekerApiError} if the credential has no valid base URL */
export async function connect(
	context: IHookFunctions,
	{ isRemoval = false } = {},
): Promise<Connection> {
	const limits = { ...LIMITS, ...(isRemoval && { maxRetries: REMOVAL_RETRIES }) };
	const deadline = performance.now() + getTimeLeftMs(context, isRemoval);
	const retryPolicy = new RetryPolicy(undefined, limits, deadline);
	const connection = await ApiConnection.connect(context, retryPolicy);
	connection.addRedaction(...getOwnGeneratedSecrets(context, Date.now()));
	return { webhooks: createWebhookApi(connection), account: await readAccount(context) };
}

/**
 * All requests in all of n8n's retries share the time that n8n allows. So do the removal and the creation if n8n
 * publishes a changed trigger (mode `update`). Publishing an unpublished workflow (mode `activate`) gets the full time.
 */
function getTimeLeftMs(context: IHookFunctions, isRemoval: boolean): number {
	if (context.getMode() === 'manual') return MAX_TEST_WAIT_MS;
	const publication = getPublication(context);
	const now = performance.now();
	const isOver = now - publication.startedAt > PUBLICATION_MS;
	const wasUnpublished =
		publication.isRemoval && !isRemoval && context.getActivationMode() === 'activate';
	if (isOver || wasUnpublished) Object.assign(publication, { startedAt: now, isRemoval });
	return Math.max(MIN_WAIT_MS, publication.startedAt + MAX_WAIT_MS - now);
}

/** Called after a success: the next call belongs to another publication. */
export function resetPublicationTimer(context: IHookFunctions): void {
	getPublication(context).startedAt = -Infinity;
}

/** The account that the credential belongs to. */
export interface AccountIdentity {
	/** Host and path of the API. */
	readonly api: string;
	readonly apiKey: string;
}

async function readAccount(context: IHookFunctions): Promise<AccountIdentity> {
	const credential = await context.getCredentials(CREDENTIAL_TYPE);
	const { host, pathname } = new URL(getBaseUrl(credential));
	return { api: `${host}${pathname}`, apiKey: String(credential.apiKey) };
}

/** The part of a registration that identifies the account without revealing its API key. */
export function digestAccount({
	api,
	apiKey,
}: AccountIdentity): Pick<Origin, 'api' | 'apiKeyDigest'> {
	return { api, apiKeyDigest: digestSecret(apiKey) };
}

/** False for registrations of version 0.1.0, which stored no account. */
export function belongsToAccount(
	{ api, apiKeyDigest = '' }: Registration,
	account: AccountIdentity,
): boolean {
	return api === account.api && matchesDigest(apiKeyDigest, account.apiKey);
}
