import type { IHookFunctions } from 'n8n-workflow';

import { isSameUrl } from '../../shared/publicUrl';
import { applyPlan } from '../../shared/registration/apply';
import { planChanges, type DesiredWebhook, type Change } from '../../shared/registration/plan';
import type { Webhook, WebhookApi } from '../../shared/api/webhooks';
import { createNodeLogger } from '../nodeContext';
import { readSettings } from '../settings';
import { connect, digestAccount, resetPublicationTimer } from './connect';
import { readDesiredWebhook } from './desiredWebhook';
import { logRegistration, warnIfInOtherAccount } from './logRegistration';
import {
	getNodeIdentity,
	removeCopiedState,
	getKnownRegistration,
	getKnownWebhook,
	toRegistration,
	replaceRegistration,
	getState,
	type Registration,
} from './state';
import { unregister } from './unregister';

/** Whether MindPeeker has exactly the desired webhook. Errors are thrown: `false` would create another webhook. */
export async function isRegistered(context: IHookFunctions): Promise<boolean> {
	const desired = await readDesiredWebhook(context, readSettings(context));
	const registration = getKnownRegistration(context);
	if (!desired) return registration === undefined;
	if (!registration) return false;
	const { webhooks } = await connect(context);
	const known = getKnownWebhook(registration, desired);
	const plan = planChanges(desired, await webhooks.list(), known);
	if (plan.length === 0) resetPublicationTimer(context);
	return plan.length === 0;
}

/** Creates or updates the webhook. Throws if that fails, because n8n ignores the return value of `create`. */
export async function register(context: IHookFunctions): Promise<void> {
	const settings = readSettings(context);
	const desired = await readDesiredWebhook(context, settings);
	const state = getState(context);
	removeCopiedState(context);
	if (!desired) return await unregister(context);
	const { webhooks: api, account } = await connect(context);
	const registration = getKnownRegistration(context);
	const listed = await api.list();
	const plan = planChanges(desired, listed, getKnownWebhook(registration, desired));
	const created = await applyPlan(plan, desired, {
		api,
		listed,
		knownId: registration?.webhookId,
		testWebhookIds: findTestWebhookIds(context, listed, desired),
		warn: (text) => createNodeLogger(context)('warn', text),
	});
	if (registration) warnIfInOtherAccount(context, registration, listed, account);
	if (created) {
		const { url } = desired;
		const origin = { ...getNodeIdentity(context), url, ...digestAccount(account) };
		replaceRegistration(state, { ...toRegistration(created, desired), ...origin }, Date.now());
	}
	const { webhookId } = state.registration as Registration;
	const changes = describeChanges(plan);
	logRegistration(context, `webhook ${webhookId} for ${desired.url}: ${changes}`, settings);
	resetPublicationTimer(context);
	if (settings.sendTestEvent) requestTestEvent(context, api, desired);
}

/**
 * Webhooks with the node's test URL. They remain in MindPeeker if n8n stops while the editor listens. One of them may
 * be in use, so they are removed only if MindPeeker creates no further webhook.
 */
function findTestWebhookIds(
	context: IHookFunctions,
	listed: readonly Webhook[],
	{ url }: DesiredWebhook,
): string[] {
	if (context.getMode() === 'manual') return [];
	const production = removeWebhookKind(url);
	const isTestWebhook = (webhook: Webhook) =>
		!isSameUrl(webhook.url, url) &&
		URL.canParse(webhook.url) &&
		removeWebhookKind(webhook.url) === production;
	return listed.filter(isTestWebhook).map(({ id }) => id);
}

/** Removes the path segment `webhook` or `webhook-test` from a webhook URL of n8n. */
function removeWebhookKind(url: string): string {
	const { origin, pathname } = new URL(url);
	const segments = pathname.split('/');
	return [origin, ...segments.slice(0, -3), ...segments.slice(-2)].join('/');
}

/** Not awaited: `webhook()` can read the stored secret only after `create` has returned. */
function requestTestEvent(
	context: IHookFunctions,
	api: WebhookApi,
	{ events }: DesiredWebhook,
): void {
	const { registration } = getState(context);
	const [type] = events;
	const isListening = context.getMode() === 'manual';
	if (!isListening || !registration || type === undefined) return;
	api.sendTest(registration.webhookId, type).catch((error: Error) => {
		createNodeLogger(context)(
			'warn',
			`Could not request a test event from MindPeeker: ${error.message}`,
		);
	});
}

function describeChanges(plan: readonly Change[]): string {
	const changes = plan.map((change) =>
		change.action === 'create' ? 'created' : `${change.action}d ${change.id}`,
	);
	return changes.join(', ') || 'no changes';
}
