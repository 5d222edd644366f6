import type { IHookFunctions } from 'n8n-workflow';

import { isSameUrl } from '../../shared/publicUrl';
import type { Webhook } from '../../shared/api/webhooks';
import { createNodeLogger } from '../nodeContext';
import { WEBHOOK_NAMES } from '../settings';
import { connect } from './connect';
import { logRegistration, warnIfInOtherAccount } from './logRegistration';
import { getKnownRegistration, retireRegistration, getState, type Registration } from './state';

/**
 * Removes only the webhook that this node registered. n8n also calls this for copies of a node, which would remove the
 * webhook of the original.
 */
export async function unregister(context: IHookFunctions): Promise<void> {
	const registration = getKnownRegistration(context);
	if (!registration)
		return logRegistration(context, 'no webhook to remove: this node registered none');
	await removeRegisteredWebhook(context, registration).catch((error: Error) => {
		const { webhookId, api = 'MindPeeker' } = registration;
		const text = `Could not remove webhook ${webhookId} at ${api}: ${error.message}`;
		createNodeLogger(context)('warn', text);
		throw error;
	});
}

async function removeRegisteredWebhook(
	context: IHookFunctions,
	registration: Registration,
): Promise<void> {
	const { webhooks, account } = await connect(context, { isRemoval: true });
	const { webhookId } = registration;
	const listed = await webhooks.list();
	const urls = getNodeUrls(context);
	const hasNodeUrl = ({ url }: Webhook) => urls.some((nodeUrl) => isSameUrl(url, nodeUrl));
	const registered = listed.find(({ id }) => id === webhookId);
	if (registered && !hasNodeUrl(registered)) return warnAboutOtherUrl(context, registered);
	if (registered) await webhooks.remove(webhookId);
	else if (warnIfInOtherAccount(context, registration, listed, account)) return;

	retireRegistration(getState(context), Date.now());
	logRegistration(
		context,
		registered ? `removed ${webhookId}` : `webhook ${webhookId} was already removed`,
	);
	const others = listed.filter((webhook) => webhook !== registered && hasNodeUrl(webhook));
	if (others.length === 0) return;
	const ids = others.map(({ id }) => id).join(', ');
	createNodeLogger(context)(
		'warn',
		`MindPeeker still delivers to this node with ${ids}, which it did not register. n8n responds with 404. To replace them, publish the workflow. Otherwise delete them in MindPeeker.`,
	);
}

/** It may belong to another n8n instance, of which this one is a copy. Or the address of this instance has changed. */
function warnAboutOtherUrl(context: IHookFunctions, { id, url }: Webhook): void {
	createNodeLogger(context)(
		'warn',
		`Webhook ${id} was left in MindPeeker: it delivers to ${url}, which is not a URL of this n8n instance. If the address of this n8n instance has changed, publish the workflow to replace it, or delete it in MindPeeker.`,
	);
}

/** The node's webhook URLs for both values of Acknowledge. */
function getNodeUrls(context: IHookFunctions): string[] {
	return Object.values(WEBHOOK_NAMES).map((name) => context.getNodeWebhookUrl(name) as string);
}
