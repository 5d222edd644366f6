import type { IHookFunctions } from 'n8n-workflow';

import { isSameUrl } from '../../shared/publicUrl';
import type { Webhook } from '../../shared/webhooks';
import { WEBHOOK_NAMES } from '../acknowledge';
import { voiceOf } from '../journal';
import { readSettings } from '../parameters';
import { connect, isRegisteredWith, type Account } from './connection';
import { knownRegistration, retireRegistration, stateOf, type Registration } from './state';

/**
 * Removes the webhook that this node registered, and no other: n8n also calls this for copies that never registered
 * one. A leftover costs a few requests; the webhook of the original costs every event.
 */
export async function unregister(context: IHookFunctions): Promise<void> {
	const registration = knownRegistration(context);
	if (!registration) {
		return tell(context, 'removed no webhook: this node has registered none');
	}
	const failure = await removeOwn(context, registration).then(
		() => undefined,
		(error: Error) => error,
	);
	if (failure) {
		const { webhookId, api = 'MindPeeker' } = registration;
		const text = `Could not remove webhook ${webhookId} at ${api}: ${failure.message}`;
		voiceOf(context)('warn', text);
		throw failure;
	}
}

async function removeOwn(context: IHookFunctions, registration: Registration): Promise<void> {
	const { webhooks, account } = await connect(context, { isRemoval: true });
	const { webhookId } = registration;
	const listed = await webhooks.list();
	const urls = urlsOf(context);
	const isHere = ({ url }: Webhook) => urls.some((ours) => isSameUrl(url, ours));
	const own = listed.find(({ id }) => id === webhookId);
	if (own && !isHere(own)) return warnOfOtherUrl(context, own);
	if (own) await webhooks.remove(webhookId);
	else if (warnIfLeft(context, registration, listed, account)) return;

	retireRegistration(stateOf(context), Date.now());
	tell(context, own ? `removed ${webhookId}` : `webhook ${webhookId} was removed before`);
	const others = listed.filter((webhook) => webhook !== own && isHere(webhook));
	if (others.length === 0) return;
	const ids = others.map(({ id }) => id).join(', ');
	voiceOf(context)(
		'warn',
		`MindPeeker still delivers to this node by ${ids}, which it did not register, and gets 404. Publishing the workflow replaces them; otherwise delete them in MindPeeker.`,
	);
}

/** An edited credential may lead to another account, in which the webhook cannot be removed. */
export function warnIfLeft(
	context: IHookFunctions,
	registration: Registration,
	listed: readonly Webhook[],
	account: Account,
): boolean {
	const { webhookId, url = 'this node', api } = registration;
	const isListed = listed.some(({ id }) => id === webhookId);
	if (isListed || isRegisteredWith(registration, account)) return false;
	const where = api === undefined ? `not found at ${account.api}` : `left at ${api}`;
	voiceOf(context)(
		'warn',
		`Webhook ${webhookId} was ${where}: the MindPeeker credential seems to have another API key or base URL than when it was registered. If the webhook still exists, it goes on delivering to ${url}. Delete it in the account that it belongs to.`,
	);
	return true;
}

/** Another n8n, of which this one is a copy, may use it; or the address of this one has changed. */
function warnOfOtherUrl(context: IHookFunctions, { id, url }: Webhook): void {
	voiceOf(context)(
		'warn',
		`Webhook ${id} was left in MindPeeker: it delivers to ${url}, which is not an address of this n8n. If the address of this n8n has changed, delete it in MindPeeker, or publish the workflow, which replaces it.`,
	);
}

/** The node's URLs for both choices of Acknowledge. */
function urlsOf(context: IHookFunctions): string[] {
	return Object.values(WEBHOOK_NAMES).map((name) => context.getNodeWebhookUrl(name) as string);
}

/** Said to those alone who asked for more, or who run n8n at its level "debug". */
export function tell(context: IHookFunctions, text: string): void {
	voiceOf(context)(readSettings(context).debug ? 'info' : 'debug', text);
}
