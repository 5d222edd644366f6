import type { IHookFunctions } from 'n8n-workflow';

import { ApiConnection } from '../../shared/api';
import { CREDENTIAL } from '../../shared/credential';
import { baseUrlOf } from '../../shared/environments';
import { digestOf, isDigestOf } from '../../shared/registration/secret';
import { Retries } from '../../shared/retries';
import type { RetryLimits } from '../../shared/retryDelay';
import { webhookApi, type WebhookApi } from '../../shared/webhooks';
import { perNode } from '../perNode';
import { validSecrets, type Origin, type Registration } from './state';

/** MindPeeker as the node's credential reaches it. */
export interface Connection {
	readonly webhooks: WebhookApi;
	readonly account: Account;
}

/** n8n allows 84 s for a publication with all its tries, and loses what a later one stores. */
const PUBLICATION_MS = 84_000;
const MAX_WAIT_MS = 70_000;
/** A person who tries again a minute later waits as well. */
const MIN_WAIT_MS = 2_000;
const LIMITS: RetryLimits = {
	// n8n itself repeats a publication four times, and the removal of a webhook twice.
	maxRetries: 2,
	maxRetryMs: 5_000,
	maxRetryAfterMs: 60_000,
	maxRateLimitWaitMs: MAX_WAIT_MS,
	maxTotalMs: 120_000,
};
const REMOVAL_RETRIES = 4;
/** Someone is waiting in the editor. */
const MAX_TEST_WAIT_MS = 5_000;

/** When n8n began to publish or to unpublish a node, in milliseconds of this process. */
const publications = perNode(() => ({ since: -Infinity }));

/** @throws {MindPeekerError} if the credential has no usable base URL */
export async function connect(
	context: IHookFunctions,
	{ isRemoval = false } = {},
): Promise<Connection> {
	const limits = { ...LIMITS, ...(isRemoval && { maxRetries: REMOVAL_RETRIES }) };
	const retries = new Retries(undefined, limits, performance.now() + waitFor(context));
	const connection = await ApiConnection.connect(context, retries);
	connection.conceal(...validSecrets(context, Date.now()));
	return { webhooks: webhookApi(connection), account: await readAccount(context) };
}

/** What all calls and all tries of n8n wait together stays within what it allows. */
function waitFor(context: IHookFunctions): number {
	if (context.getMode() === 'manual') return MAX_TEST_WAIT_MS;
	const publication = publications(context);
	const now = performance.now();
	if (now - publication.since > PUBLICATION_MS) publication.since = now;
	return Math.max(MIN_WAIT_MS, publication.since + MAX_WAIT_MS - now);
}

/** A webhook is as it should be: what n8n does next is another publication. */
export function endPublication(context: IHookFunctions): void {
	publications(context).since = -Infinity;
}

/** The account that a credential leads to. */
export interface Account {
	/** Host and path of the API. */
	readonly api: string;
	readonly apiKey: string;
}

async function readAccount(context: IHookFunctions): Promise<Account> {
	const credential = await context.getCredentials(CREDENTIAL);
	const { host, pathname } = new URL(baseUrlOf(credential));
	return { api: `${host}${pathname}`, apiKey: String(credential.apiKey) };
}

/** What is stored of the account that a webhook was registered with. */
export function digestAccount({ api, apiKey }: Account): Pick<Origin, 'api' | 'apiKeyDigest'> {
	return { api, apiKeyDigest: digestOf(apiKey) };
}

/** Whether a webhook was registered with this account; unknown for version 0.1.0, and then false. */
export function isRegisteredWith(
	{ api, apiKeyDigest = '' }: Registration,
	account: Account,
): boolean {
	return api === account.api && isDigestOf(apiKeyDigest, account.apiKey);
}
