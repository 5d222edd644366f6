import { OperationalError } from 'n8n-workflow';

import { MindPeekerError } from '../mindPeekerError';
import { isSameUrl } from '../publicUrl';
import type { Webhook, WebhookApi } from '../webhooks';
import type { Desired, Step } from './plan';
import { generateSecret } from './secret';

/** What of the API it takes to carry a plan out. */
export type Registrar = Pick<WebhookApi, 'list' | 'create' | 'remove' | 'removeAll'> & {
	update(...call: Parameters<WebhookApi['update']>): Promise<unknown>;
};

/** A webhook that was made, with the secret that it was made with. */
export interface Made {
	readonly webhookId: string;
	readonly secret: string;
}

interface Surroundings {
	readonly api: Registrar;
	/** The webhooks of the account that the plan was made from. */
	readonly listed: readonly Webhook[];
	/** The webhook that is known to be registered here; it may still deliver. */
	readonly ownId?: string;
	/** Webhooks that are removed only if the service creates none while they exist. */
	readonly leftovers?: readonly string[];
	/** Says what could not be cleared up. */
	readonly warn: (text: string) => void;
}

/**
 * Carries a plan out, and returns the webhook if it created one. If a step fails, a webhook created on the way is
 * removed before the error leaves: n8n's own clean-up works on static data from before and cannot know of it.
 */
export async function apply(
	steps: readonly Step[],
	desired: Desired,
	surroundings: Surroundings,
): Promise<Made | undefined> {
	const obsolete = steps.flatMap((step) => (step.do === 'remove' ? [step.id] : []));
	if (steps.some((step) => step.do === 'create')) {
		return await replace(obsolete, desired, surroundings);
	}
	for (const step of steps) {
		if (step.do === 'update') await surroundings.api.update(step.id, step.changes);
	}
	await surroundings.api.removeAll(obsolete);
	return undefined;
}

async function replace(
	obsolete: readonly string[],
	desired: Desired,
	{ api, listed, ownId, leftovers = [], warn }: Surroundings,
): Promise<Made> {
	const secret = desired.secret ?? generateSecret();
	const standing = new Set(listed.map(({ id }) => id));
	const strangers = obsolete.filter((id) => id !== ownId);
	const own = obsolete.filter((id) => id === ownId);
	const inTheWay = [strangers, leftovers, own];
	const created = await outcomeOf(create(desired, secret, inTheWay, standing, api));
	const done = created.error
		? created
		: await outcomeOf(complete(created.value, obsolete, standing, api));
	if (done.error) {
		const undone = await outcomeOf(undo(created.value, done.error, desired.url, standing, api));
		if (undone.error) {
			warn(`a webhook for ${desired.url} may be left in MindPeeker: ${undone.error.message}`);
		}
		throw done.error;
	}
	return { webhookId: done.value.id, secret };
}

/**
 * The new webhook comes before the old ones go. A service that refuses it because of them, as it takes a URL only once
 * or allows so many webhooks, is asked again without them: first without those that no delivery is accepted from.
 */
async function create(
	{ url, events }: Desired,
	secret: string,
	inTheWay: ReadonlyArray<readonly string[]>,
	standing: Set<string>,
	api: Registrar,
): Promise<Webhook> {
	const webhook = { url, events: [...events], secret };
	const removable = inTheWay.flat();
	let outcome = await outcomeOf(api.create(webhook));
	for (const [index, ids] of inTheWay.entries()) {
		const { value, error } = outcome;
		// A service may return the one that exists instead of a refusal, with a secret that nobody knows.
		const isReturned =
			value !== undefined && removable.includes(value.id) && standing.has(value.id);
		// Deliveries of strangers are refused anyway, so that removing them costs nothing.
		const isBlocked = value ? isReturned : isBlockedByOthers(error, index === 0);
		if (!isBlocked) break;
		if (ids.length === 0) continue;
		await api.removeAll(ids);
		for (const id of ids) standing.delete(id);
		outcome = await outcomeOf(api.create(webhook));
	}
	if (outcome.error) throw outcome.error;
	if (standing.has(outcome.value.id)) throw idOfAnother();
	return outcome.value;
}

const CONFLICT = 409;
const PAYMENT_REQUIRED = 402;
const UNPROCESSABLE = 422;
/** Bad input and missing rights. */
const OTHER_REFUSALS = [400, 403];
/** Fields that no other webhook can be the reason to refuse. */
const OWN_FIELD = /^(events|secret|active)/;
const LIMIT = /limit|quota|max|too many|exceed|at most|already|exists|taken|in use|duplicate/i;

/**
 * Whether webhooks that exist are why the service refused another one. It documents neither a status nor a text for that.
 *
 * @param isEnough whether a status that may mean something else is enough
 */
function isBlockedByOthers(error: Error, isEnough: boolean): boolean {
	if (!(error instanceof MindPeekerError) || OWN_FIELD.test(error.param ?? '')) return false;
	if (error.hasStatus(CONFLICT)) return true;
	const mayBe = [PAYMENT_REQUIRED, UNPROCESSABLE].some((status) => error.hasStatus(status));
	if (mayBe && isEnough) return true;
	const isRefusal = mayBe || OTHER_REFUSALS.some((status) => error.hasStatus(status));
	return isRefusal && LIMIT.test(error.said);
}

/** Taken for ours, it would be removed with what is ours. */
function idOfAnother(): OperationalError {
	return new OperationalError(
		'MindPeeker gave the new webhook an id that another one has. Check the environment and the base URL in the MindPeeker credential.',
	);
}

async function complete(
	created: Webhook,
	obsolete: readonly string[],
	standing: ReadonlySet<string>,
	api: Registrar,
): Promise<Webhook> {
	if (!created.active) await api.update(created.id, { active: true });
	const left = obsolete.filter((id) => standing.has(id));
	await api.removeAll(left);
	return created;
}

/** Where the answer to the creation was lost, the webhook is the one under the url that was not there before. */
async function undo(
	created: Webhook | undefined,
	failure: Error,
	url: string,
	standing: ReadonlySet<string>,
	api: Registrar,
): Promise<void> {
	if (created) return await api.remove(created.id);
	if (failure instanceof MindPeekerError && !failure.isOutcomeUnknown) return;
	const here = (await api.list()).filter((webhook) => isSameUrl(webhook.url, url));
	const unknown = here.map(({ id }) => id).filter((id) => !standing.has(id));
	await api.removeAll(unknown);
	if (unknown.length === 0 && hasAnswered(failure)) {
		throw new OperationalError('it has no id by which it could be removed.');
	}
}

/** What made no sense may have been the answer to a creation. */
function hasAnswered(failure: Error): boolean {
	return failure instanceof MindPeekerError && failure.fault.kind === 'unintelligible';
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
