import type { IHookFunctions } from 'n8n-workflow';

import type { Webhook } from '../../shared/api/webhooks';
import { createNodeLogger } from '../nodeContext';
import { readSettings } from '../settings';
import { belongsToAccount, type AccountIdentity } from './connect';
import type { Registration } from './state';

/** Logs at level `info` if the option Debug is on, otherwise at `debug`. */
export function logRegistration(
	context: IHookFunctions,
	text: string,
	{ debug } = readSettings(context),
): void {
	createNodeLogger(context)(debug ? 'info' : 'debug', text);
}

/** After a change of the credential, the webhook may be in an account that cannot be accessed. */
export function warnIfInOtherAccount(
	context: IHookFunctions,
	registration: Registration,
	listed: readonly Webhook[],
	account: AccountIdentity,
): boolean {
	const { webhookId, url = 'this node', api } = registration;
	const isListed = listed.some(({ id }) => id === webhookId);
	if (isListed || belongsToAccount(registration, account)) return false;
	const problem = api === undefined ? `not found at ${account.api}` : `left at ${api}`;
	createNodeLogger(context)(
		'warn',
		`Webhook ${webhookId} was ${problem}: the API key or base URL in the MindPeeker credential has changed since it was registered. If the webhook still exists, it delivers to ${url}. Delete it in its account.`,
	);
	return true;
}
