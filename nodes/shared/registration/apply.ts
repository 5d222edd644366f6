import { OperationalError } from 'n8n-workflow';

import { MindPeekerApiError } from '../api/error';
import { isSameUrl } from '../publicUrl';
import type { Webhook, WebhookApi } from '../api/webhooks';
import type { DesiredWebhook, Change } from './plan';
import { generateSecret } from './secret';

/** The requests that a plan needs. */
export type WebhookClient = Pick<WebhookApi, 'list' | 'create' | 'remove' | 'removeAll'> & {
	update(...parameters: Parameters<WebhookApi['update']>): Promise<unknown>;
};

export interface CreatedWebhook {
	readonly webhookId: string;
	readonly secret: string;
}

interface Dependencies {
	readonly api: WebhookClient;
	/** The webhooks of the account that the plan is based on. */
	readonly listed: readonly Webhook[];
	/** The webhook that was registered by us and may still deliver. */
	readonly knownId?: string;
	/** Webhooks to remove only if MindPeeker creates no further one. */
	readonly testWebhookIds?: readonly string[];
	readonly warn: (text: string) => void;
}

/**
 * Applies a plan and returns the webhook that it created, if any. If a change fails, a created webhook is removed again:
 * n8n discards the static data with its id.
 */
export async function applyPlan(
	plan: readonly Change[],
	desired: DesiredWebhook,
	dependencies: Dependencies,
): Promise<CreatedWebhook | undefined> {
	const obsoleteIds = plan.flatMap((change) => (change.action === 'remove' ? [change.id] : []));
	if (plan.some(({ action }) => action === 'create')) {
		return await replaceWebhooks(obsoleteIds, desired, dependencies);
	}
	for (const change of plan) {
		if (change.action === 'update') await dependencies.api.update(change.id, change.fields);
	}
	await dependencies.api.removeAll(obsoleteIds);
	return undefined;
}

async function replaceWebhooks(
	obsoleteIds: readonly string[],
	desired: DesiredWebhook,
	{ api, listed, knownId, testWebhookIds = [], warn }: Dependencies,
): Promise<CreatedWebhook> {
	const secret = desired.secret ?? generateSecret();
	const existingIds = new Set(listed.map(({ id }) => id));
	const unknownIds = obsoleteIds.filter((id) => id !== knownId);
	const knownIds = obsoleteIds.filter((id) => id === knownId);
	const removable = [unknownIds, testWebhookIds, knownIds];
	const created = await toResult(create(desired, secret, removable, existingIds, api));
	const finished = created.error
		? created
		: await toResult(finishReplacement(created.value, obsoleteIds, existingIds, api));
	if (finished.error) {
		const undone = await toResult(
			undoCreation(created.value, finished.error, desired.url, existingIds, api),
		);
		if (undone.error) {
			warn(`a webhook for ${desired.url} may be left in MindPeeker: ${undone.error.message}`);
		}
		throw finished.error;
	}
	return { webhookId: finished.value.id, secret };
}

/**
 * Creates the new webhook before the old ones are removed. MindPeeker may reject it because of them, for example if it
 * allows a URL only once. Then one group after the other is removed, first those whose deliveries are rejected anyway.
 */
async function create(
	{ url, events }: DesiredWebhook,
	secret: string,
	removable: ReadonlyArray<readonly string[]>,
	existingIds: Set<string>,
	api: WebhookClient,
): Promise<Webhook> {
	const webhook = { url, events: [...events], secret };
	const removableIds = removable.flat();
	let result = await toResult(api.create(webhook));
	for (const [index, ids] of removable.entries()) {
		const { value, error } = result;
		// Instead of an error, the response may contain the existing webhook, whose secret is unknown.
		const isExisting =
			value !== undefined && removableIds.includes(value.id) && existingIds.has(value.id);
		// Removing the first group loses no delivery, so a vague error is enough.
		const isBlocked = value ? isExisting : isBlockedByExisting(error, index === 0);
		if (!isBlocked) break;
		if (ids.length === 0) continue;
		await api.removeAll(ids);
		for (const id of ids) existingIds.delete(id);
		result = await toResult(api.create(webhook));
	}
	if (result.error) throw result.error;
	if (existingIds.has(result.value.id)) throw createDuplicateIdError();
	return result.value;
}

const CONFLICT = 409;
const PAYMENT_REQUIRED = 402;
const UNPROCESSABLE = 422;
const BAD_REQUEST = 400;
const FORBIDDEN = 403;
/** An error about these fields has nothing to do with other webhooks. */
const UNRELATED_FIELD = /^(events|secret|active)/;
const LIMIT_TEXT = /limit|quota|max|too many|exceed|at most|already|exists|taken|in use|duplicate/i;

/**
 * Whether MindPeeker rejected the webhook because of existing ones. The API documents neither a status nor a text for
 * that.
 *
 * @param acceptVague whether an ambiguous status is enough, without a text
 */
function isBlockedByExisting(error: Error, acceptVague: boolean): boolean {
	if (!(error instanceof MindPeekerApiError)) return false;
	if (UNRELATED_FIELD.test(error.param ?? '')) return false;
	const hasStatus = (...statuses: number[]) => statuses.some((status) => error.hasStatus(status));
	if (hasStatus(CONFLICT)) return true;
	const isVague = hasStatus(PAYMENT_REQUIRED, UNPROCESSABLE);
	if (isVague && acceptVague) return true;
	const isRejection = isVague || hasStatus(BAD_REQUEST, FORBIDDEN);
	return isRejection && LIMIT_TEXT.test(error.serviceText);
}

/** Without this check, an existing webhook would be stored as ours and removed later. */
function createDuplicateIdError(): OperationalError {
	return new OperationalError(
		'MindPeeker returned the ID of an existing webhook for the new one. Check the environment and the base URL in the MindPeeker credential.',
	);
}

async function finishReplacement(
	created: Webhook,
	obsoleteIds: readonly string[],
	existingIds: ReadonlySet<string>,
	api: WebhookClient,
): Promise<Webhook> {
	if (!created.active) await api.update(created.id, { active: true });
	await api.removeAll(obsoleteIds.filter((id) => existingIds.has(id)));
	return created;
}

/** If the response was lost, the created webhook is the one with this URL that was not listed before. */
async function undoCreation(
	created: Webhook | undefined,
	error: Error,
	url: string,
	existingIds: ReadonlySet<string>,
	api: WebhookClient,
): Promise<void> {
	if (created) return await api.remove(created.id);
	if (error instanceof MindPeekerApiError && !error.isOutcomeUnknown) return;
	const listed = (await api.list()).filter((webhook) => isSameUrl(webhook.url, url));
	const newIds = listed.map(({ id }) => id).filter((id) => !existingIds.has(id));
	await api.removeAll(newIds);
	if (newIds.length === 0 && hasInvalidResponse(error)) {
		throw new OperationalError('the response contained no ID to remove it by.');
	}
}

/** The invalid response may belong to a webhook that was created. */
function hasInvalidResponse(error: Error): boolean {
	return error instanceof MindPeekerApiError && error.apiFailure.kind === 'invalid-response';
}

async function toResult<T>(
	promise: Promise<T>,
): Promise<{ value: T; error?: undefined } | { value?: undefined; error: Error }> {
	try {
		return { value: await promise };
	} catch (error) {
		return { error: error as Error };
	}
}
