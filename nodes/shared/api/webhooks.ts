import { OperationalError, type IDataObject } from 'n8n-workflow';

import { MINUTE_MS } from '../time';
import { isDotSegment, isObject } from '../values';
import type { ApiConnection, ApiRequest } from './connection';
import { fetchPages } from './webhookPages';

/** Texts that replace the default ones if a request fails. */
export type ErrorTextOptions = Pick<ApiRequest, 'errorTexts' | 'hintIfUncertain'>;

const VALID_ID = /^[\x21-\x7e]{1,256}$/;
/** The status of a webhook to which MindPeeker delivers. */
export const ACTIVE_STATUS = /^(active|enabled|ok)$/i;
const GONE_STATUSES = [404, 410];

export interface Webhook {
	id: string;
	url: string;
	events: string[];
	/** False if the webhook is paused or marked as failed. */
	active: boolean;
	/** All properties in the response, without the secret. */
	raw?: IDataObject;
}

export interface WebhookToCreate {
	url: string;
	events: string[];
	secret: string;
	active?: boolean;
}

export interface WebhookChanges {
	events?: string[];
	active?: boolean;
}

/** The webhook endpoints of the API. All methods throw a `MindPeekerApiError` if a request fails. */
export interface WebhookApi {
	/** Lists the webhooks of the account, and fetches each page on demand. */
	listPages(): AsyncGenerator<Webhook[]>;
	/** Lists all webhooks of the account. */
	list(): Promise<Webhook[]>;
	/** Creates a webhook, which is active by default. */
	create(webhook: WebhookToCreate, options?: ErrorTextOptions): Promise<Webhook>;
	/** Returns the updated webhook, or undefined if the response does not contain it. */
	update(id: string, changes: WebhookChanges): Promise<Webhook | undefined>;
	/** Requests a signed test event. Its data is merged into the sample. Returns the response. */
	sendTest(id: string, eventType: string, testData?: IDataObject): Promise<IDataObject>;
	/**
	 * Deletes webhooks one after the other.
	 *
	 * @throws {OperationalError} if some are left after `totalTimeoutMs` of the connection
	 */
	removeAll(ids: readonly string[]): Promise<void>;
	/** Deletes a webhook. Ignores a webhook that no longer exists, unless `mustExist` is set. */
	remove(id: string, options?: { mustExist?: boolean }): Promise<void>;
}

export function createWebhookApi(api: ApiConnection): WebhookApi {
	return {
		listPages: () => fetchWebhooks(api),
		list: async () => await collect(fetchWebhooks(api)),
		create: async (webhook, options) => await create(api, webhook, options),
		update: async (id, changes) => {
			const body = { ...changes };
			const response = await api.request({ method: 'PATCH', ...toRequestTarget(id), body });
			return toWebhook(unwrap(response));
		},
		sendTest: async (...parameters) => await sendTest(api, ...parameters),
		remove: async (id, options) => await remove(api, id, options?.mustExist),
		removeAll: async (ids) => await removeAll(api, ids),
	};
}

async function create(
	api: ApiConnection,
	webhook: WebhookToCreate,
	options?: ErrorTextOptions,
): Promise<Webhook> {
	const body = { active: true, ...webhook };
	const response = await api.request({ method: 'POST', path: '/webhooks', body, ...options });
	const created = toWebhook(unwrap(response));
	if (created) return created;
	const problem = 'its response contains no ID for the new webhook';
	throw api.createInvalidResponseError(problem, options?.hintIfUncertain);
}

async function sendTest(
	api: ApiConnection,
	id: string,
	eventType: string,
	testData?: IDataObject,
): Promise<IDataObject> {
	const { path, subject } = toRequestTarget(id);
	const response = await api.request({
		method: 'POST',
		path: `${path}/test`,
		subject,
		body: { event_type: eventType, ...(testData && { test_data: testData }) },
		hintIfUncertain: 'The test event may have been sent. Check the webhook before you try again.',
	});
	return isObject(response) ? response : {};
}

async function remove(api: ApiConnection, id: string, mustExist = false): Promise<void> {
	const accepted = mustExist
		? { acceptedStatusesOnRetry: GONE_STATUSES }
		: { acceptedStatuses: GONE_STATUSES };
	await api.request({ method: 'DELETE', ...toRequestTarget(id), ...accepted });
}

/** A service may list thousands of webhooks and respond slowly. */
async function removeAll(api: ApiConnection, ids: readonly string[]): Promise<void> {
	const { totalTimeoutMs } = api;
	const end = performance.now() + totalTimeoutMs;
	for (const id of ids) {
		if (performance.now() >= end) {
			throw new OperationalError(
				`Processing the webhooks for this URL took longer than ${totalTimeoutMs / MINUTE_MS} minutes. Try again to continue, or delete the webhooks in MindPeeker.`,
			);
		}
		await remove(api, id);
	}
}

async function collect(pages: AsyncGenerator<Webhook[]>): Promise<Webhook[]> {
	const webhooks: Webhook[] = [];
	for await (const page of pages) webhooks.push(...page);
	return webhooks;
}

async function* fetchWebhooks(api: ApiConnection): AsyncGenerator<Webhook[]> {
	const ids = new Set<string>();
	for await (const entries of fetchPages(api)) {
		// A webhook can move to the next page between two requests.
		yield entries.flatMap((entry) => toWebhook(entry) ?? []).filter(isNewId(ids));
	}
}

function isNewId(ids: Set<string>): (webhook: Webhook) => boolean {
	return ({ id }) => !ids.has(id) && ids.add(id) !== undefined;
}

function unwrap(response: unknown): unknown {
	const { data, webhook } = (response ?? {}) as IDataObject;
	return webhook ?? data ?? response;
}

function toWebhook(entry: unknown): Webhook | undefined {
	const raw = isObject(entry) ? { ...entry } : {};
	delete raw.secret;
	const { id, url, events, active, status } = raw;
	if (!isValidId(id)) return undefined;
	return {
		id: String(id),
		url: typeof url === 'string' ? url : '',
		events: [events].flat().filter((type) => typeof type === 'string'),
		active: active !== false && (typeof status !== 'string' || ACTIVE_STATUS.test(status)),
		raw,
	};
}

/** JSON rounds large numbers, so an unsafe integer could be the ID of another webhook. */
function isValidId(id: unknown): id is string | number {
	if (typeof id === 'string') return VALID_ID.test(id) && !isDotSegment(id);
	return Number.isSafeInteger(id);
}

function toRequestTarget(id: string): { path: string; subject: string } {
	return { path: `/webhooks/${encodeURIComponent(id)}`, subject: `webhook ${id}` };
}
