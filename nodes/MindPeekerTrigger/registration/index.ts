import type { IHookFunctions } from 'n8n-workflow';

import { isSameUrl } from '../../shared/publicUrl';
import { apply } from '../../shared/registration/apply';
import { plan, type Desired, type Step } from '../../shared/registration/plan';
import type { Webhook, WebhookApi } from '../../shared/webhooks';
import { voiceOf } from '../journal';
import { readSettings } from '../parameters';
import { connect, digestAccount, endPublication } from './connection';
import { readDesired } from './desired';
import { tell, unregister, warnIfLeft } from './removal';
import {
	identityOf,
	isForeign,
	knownRegistration,
	ownOf,
	registrationOf,
	replaceRegistration,
	stateOf,
	type Registration,
} from './state';

export { unregister } from './removal';

/** Whether all is as desired. A failure is thrown: "no" would make n8n register a second webhook. */
export async function isRegistered(context: IHookFunctions): Promise<boolean> {
	const desired = await readDesired(context);
	const registration = knownRegistration(context);
	if (!desired) return registration === undefined;
	if (!registration) return false;
	const { webhooks } = await connect(context);
	const steps = plan(desired, await webhooks.list(), ownOf(registration, desired));
	if (steps.length === 0) endPublication(context);
	return steps.length === 0;
}

/** Brings about what is desired. It fails by throwing alone: n8n ignores what `create` returns. */
export async function register(context: IHookFunctions): Promise<void> {
	const desired = await readDesired(context);
	const state = stateOf(context);
	if (isForeign(context)) {
		delete state.registration;
		delete state.formerSecrets;
	}
	if (!desired) return await unregister(context);
	const { webhooks: api, account } = await connect(context);
	const registration = knownRegistration(context);
	const listed = await api.list();
	const steps = plan(desired, listed, ownOf(registration, desired));
	const made = await apply(steps, desired, {
		api,
		listed,
		ownId: registration?.webhookId,
		leftovers: leftByTests(context, listed, desired),
		warn: (text) => voiceOf(context)('warn', text),
	});
	if (registration) warnIfLeft(context, registration, listed, account);
	if (made) {
		const { url } = desired;
		const origin = { ...identityOf(context), url, ...digestAccount(account) };
		replaceRegistration(state, { ...registrationOf(made, desired), ...origin }, Date.now());
	}
	const { webhookId } = state.registration as Registration;
	tell(context, `webhook ${webhookId} for ${desired.url}: ${describe(steps)}`);
	endPublication(context);
	askForTestEvent(context, api, desired);
}

/**
 * Webhooks of this node's test URL, which remain if n8n is ended while the editor listens. One of them may be in use,
 * so they are removed only if the service creates no other webhook beside them.
 */
function leftByTests(
	context: IHookFunctions,
	listed: readonly Webhook[],
	{ url }: Desired,
): string[] {
	if (context.getMode() === 'manual') return [];
	const place = placeOf(url);
	const isLeft = (webhook: Webhook) =>
		!isSameUrl(webhook.url, url) && URL.canParse(webhook.url) && placeOf(webhook.url) === place;
	return listed.filter(isLeft).map(({ id }) => id);
}

/** A URL without the part by which n8n tells production from test: `webhook` or `webhook-test`. */
function placeOf(url: string): string {
	const { origin, pathname } = new URL(url);
	const parts = pathname.split('/');
	return [origin, ...parts.slice(0, -3), ...parts.slice(-2)].join('/');
}

/** Not awaited: what `create` stores, the secret with it, is seen by `webhook()` only after it has returned. */
function askForTestEvent(context: IHookFunctions, api: WebhookApi, { events }: Desired): void {
	const { registration } = stateOf(context);
	const [type] = events;
	const isListening = context.getMode() === 'manual' && readSettings(context).sendTestEvent;
	if (!isListening || !registration || type === undefined) return;
	api.sendTest(registration.webhookId, type).catch((error: Error) => {
		voiceOf(context)('warn', `Could not request a test event from MindPeeker: ${error.message}`);
	});
}

function describe(steps: readonly Step[]): string {
	const done = steps.map((step) => (step.do === 'create' ? 'created' : `${step.do}d ${step.id}`));
	return done.join(', ') || 'as it should be';
}
