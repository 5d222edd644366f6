import type { IHookFunctions } from 'n8n-workflow';

import { ApiConnection } from '../../shared/api';
import { isSameUrl } from '../../shared/publicUrl';
import { apply } from '../../shared/registration/apply';
import { plan, type Desired, type Step } from '../../shared/registration/plan';
import { webhookApi, type Webhook, type WebhookApi } from '../../shared/webhooks';
import { WEBHOOK_NAMES } from '../acknowledge';
import { voiceOf } from '../journal';
import { readSettings } from '../parameters';
import { readDesired } from './desired';
import {
	generatedSecrets,
	ownOf,
	registrationOf,
	replaceRegistration,
	retireRegistration,
	type Registration,
	type RegistrationState,
} from './state';

/** Whether all is as desired. A fault is thrown: "no" would make n8n register a second webhook. */
export async function isRegistered(context: IHookFunctions): Promise<boolean> {
	const desired = await readDesired(context);
	const { registration } = stateOf(context);
	if (!desired) return registration === undefined;
	if (!registration) return false;
	const webhooks = await (await connect(context)).list();
	return plan(desired, webhooks, ownOf(registration, desired)).length === 0;
}

/** Brings about what is desired. It fails by throwing alone: n8n ignores what `create` returns. */
export async function register(context: IHookFunctions): Promise<void> {
	const desired = await readDesired(context);
	if (!desired) return await unregister(context);
	const api = await connect(context);
	const state = stateOf(context);
	const listed = await api.list();
	const steps = plan(desired, listed, ownOf(state.registration, desired));
	const warn = (text: string) => voiceOf(context)('warn', text);
	const made = await apply(steps, desired, { api, listed, warn });
	if (made) replaceRegistration(state, registrationOf(made, desired), Date.now());
	const { webhookId } = state.registration as Registration;
	tell(context, `webhook ${webhookId} for ${desired.url}: ${describe(steps)}`);
	askForTestEvent(context, api, desired);
}

/** Not awaited: what `create` stores, the secret with it, is seen by `webhook()` only after it has returned. */
function askForTestEvent(context: IHookFunctions, api: WebhookApi, { events }: Desired): void {
	const { registration } = stateOf(context);
	const [type] = events;
	const isListening = context.getMode() === 'manual' && readSettings(context).sendTestEvent;
	if (!isListening || !registration || type === undefined) return;
	api.sendTest(registration.webhookId, type).catch((error: Error) => {
		voiceOf(context)('warn', `MindPeeker was asked for a test event in vain: ${error.message}`);
	});
}

/** Removes this node's webhook, and what else stands under its urls; the id is forgotten only then. */
export async function unregister(context: IHookFunctions): Promise<void> {
	const state = stateOf(context);
	const isManual = readSettings(context).registration === 'manual';
	// What the user made by hand is the user's; a webhook from an automatic time is not.
	if (isManual && !state.registration) return;
	const api = await connect(context);
	const names = isManual ? [] : Object.values(WEBHOOK_NAMES);
	const urls = names.map((name) => context.getNodeWebhookUrl(name) as string);
	const isOurs = (webhook: Webhook) =>
		webhook.id === state.registration?.webhookId || urls.some((url) => isSameUrl(webhook.url, url));
	const ours = (await api.list()).filter(isOurs).map(({ id }) => id);
	await api.removeAll(ours);
	retireRegistration(state, Date.now());
	tell(context, `removed ${ours.join(', ') || 'nothing, for nothing was there'}`);
}

/** Said to those alone who asked for more, or who run n8n at its level "debug". */
function tell(context: IHookFunctions, text: string): void {
	voiceOf(context)(readSettings(context).debug ? 'info' : 'debug', text);
}

function describe(steps: readonly Step[]): string {
	const done = steps.map((step) => (step.do === 'create' ? 'created' : `${step.do}d ${step.id}`));
	return done.join(', ') || 'as it should be';
}

async function connect(context: IHookFunctions): Promise<WebhookApi> {
	const connection = await ApiConnection.connect(context);
	connection.conceal(...generatedSecrets(stateOf(context), Date.now()));
	return webhookApi(connection);
}

function stateOf(context: IHookFunctions): RegistrationState {
	return context.getWorkflowStaticData('node') as RegistrationState;
}
