import { MindPeekerError } from '../../shared/api';
import { isSameUrl } from '../../shared/publicUrl';
import type { Webhook, WebhookApi } from '../../shared/webhooks';
import type { Desired, Step } from './plan';
import { digestOf, generateSecret } from './secret';
import { replaceRegistration, type RegistrationState } from './state';

interface Surroundings {
	api: WebhookApi;
	/** Changed only when everything has succeeded. */
	state: RegistrationState;
	/** Milliseconds since 1970. */
	now: number;
	/** Says what could not be cleared up. */
	warn: (text: string) => void;
}

/**
 * Carries a plan out. Where a step fails, a webhook made on the way is taken back before the error leaves:
 * n8n's own clean-up works on static data from before and cannot know of it.
 */
export async function apply(
	steps: readonly Step[],
	desired: Desired,
	surroundings: Surroundings,
): Promise<void> {
	const obsolete = steps.flatMap((step) => (step.do === 'remove' ? [step.id] : []));
	if (steps.some((step) => step.do === 'create')) {
		return await replace(obsolete, desired, surroundings);
	}
	for (const step of steps) {
		if (step.do === 'update') await surroundings.api.update(step.id, step.changes);
	}
	await removeAll(obsolete, surroundings.api);
}

async function replace(
	obsolete: readonly string[],
	desired: Desired,
	{ api, state, now, warn }: Surroundings,
): Promise<void> {
	const secret = desired.secret ?? generateSecret();
	const created = await outcomeOf(create(desired, secret, obsolete, api));
	const done = created.error ? created : await outcomeOf(complete(created.value, obsolete, api));
	if (done.error) {
		const undone = await outcomeOf(undo(created.value, done.error, desired.url, obsolete, api));
		if (undone.error) {
			warn(`a webhook for ${desired.url} may be left in MindPeeker: ${undone.error.message}`);
		}
		throw done.error;
	}
	const known =
		desired.secret === undefined ? { generatedSecret: secret } : { secretDigest: digestOf(secret) };
	replaceRegistration(state, { webhookId: done.value.id, ...known }, now);
}

/** The new webhook comes before the old ones go, unless the service takes a url only once. */
async function create(
	{ url, events }: Desired,
	secret: string,
	obsolete: readonly string[],
	api: WebhookApi,
): Promise<Webhook> {
	const webhook = { url, events: [...events], secret };
	const { value, error } = await outcomeOf(api.create(webhook));
	if (value !== undefined) return value;
	const isTaken = error instanceof MindPeekerError && error.hasStatus(409);
	if (!isTaken || obsolete.length === 0) throw error;
	await removeAll(obsolete, api);
	return await api.create(webhook);
}

async function complete(
	created: Webhook,
	obsolete: readonly string[],
	api: WebhookApi,
): Promise<Webhook> {
	if (!created.active) await api.update(created.id, { active: true });
	await removeAll(obsolete, api);
	return created;
}

/** Where the answer to the creation was lost, the webhook is the one under the url that was not there before. */
async function undo(
	created: Webhook | undefined,
	failure: Error,
	url: string,
	before: readonly string[],
	api: WebhookApi,
): Promise<void> {
	if (created) return await api.remove(created.id);
	if (failure instanceof MindPeekerError && !failure.isOutcomeUnknown) return;
	const here = (await api.list()).filter((webhook) => isSameUrl(webhook.url, url));
	const unknown = here.map(({ id }) => id).filter((id) => !before.includes(id));
	await removeAll(unknown, api);
}

async function removeAll(ids: readonly string[], api: WebhookApi): Promise<void> {
	for (const id of ids) await api.remove(id);
}

async function outcomeOf<T>(
	promise: Promise<T>,
): Promise<{ value: T; error?: undefined } | { value?: undefined; error: Error }> {
	try {
		return { value: await promise };
	} catch (error) {
		return { error: error as Error };
	}
}
