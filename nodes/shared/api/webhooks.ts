import { OperationalError, type IDataObject } from 'n8n-workflow';

import { isObject } from '../values';
import type { ApiConnection, ApiRequest } from './connection';

/** Texts that replace the default ones if a request fails. */
export type ErrorTextOptions = Pick<ApiRequest, 'errorTexts' | 'hintIfUncertain'>;

const PAGE_SIZE = 100;
// An endless list must fail before it uses up n8n's memory and time. No account has this many webhooks.
const MAX_PAGES = 100;
const MAX_WEBHOOKS = MAX_PAGES * PAGE_SIZE;
const MAX_LIST_LENGTH = 8 * 1024 * 1024;
/** `.` and `..` would change the path of the request. */
const VALID_ID = /^(?!\.{1,2}$)[\x21-\x7e]{1,256}$/;
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
	pages(): AsyncGenerator<Webhook[]>;
	/** Lists all webhooks of the account. */
	list(): Promise<Webhook[]>;
	/** Creates a webhook, which is active by default. */
	create(webhook: WebhookToCreate, options?: ErrorTextOptions): Promise<Webhook>;
	/** Returns the updated webhook, or undefined if the response does not contain it. */
	update(id: string, changes: WebhookChanges): Promise<Webhook | undefined>;
	/** Requests a signed test event. Its data is merged into the sample. Returns the response. */
	sendTest(id: string, eventType: string, testData?: IDataObject): Promise<IDataObject>;
	/** Deletes webhooks one after the other, within `totalTimeoutMs` of the connection. */
	removeAll(ids: readonly string[]): Promise<void>;
	/** Deletes a webhook. Ignores a webhook that no longer exists, unless `mustExist` is set. */
	remove(id: string, options?: { mustExist?: boolean }): Promise<void>;
}

export function createWebhookApi(api: ApiConnection): WebhookApi {
	const remove: WebhookApi['remove'] = async (id, { mustExist = false } = {}) => {
		const accepted = mustExist
			? { acceptedStatusesOnRetry: GONE_STATUSES }
			: { acceptedStatuses: GONE_STATUSES };
		await api.request({ method: 'DELETE', ...locate(id), ...accepted });
	};
	return {
		pages: () => fetchPages(api),
		list: async () => await collect(fetchPages(api)),
		create: async (webhook, options) => {
			const body = { active: true, ...webhook };
			const response = await api.request({ method: 'POST', path: '/webhooks', body, ...options });
			const created = toWebhook(unwrap(response));
			if (created) return created;
			throw api.invalidResponse(
				'its response contains no ID for the new webhook',
				options?.hintIfUncertain,
			);
		},
		update: async (id, changes) => {
			const body = { ...changes };
			const response = await api.request({ method: 'PATCH', ...locate(id), body });
			return toWebhook(unwrap(response));
		},
		sendTest: async (id, eventType, testData) => {
			const { path, subject } = locate(id);
			const response = await api.request({
				method: 'POST',
				path: `${path}/test`,
				subject,
				body: { event_type: eventType, ...(testData && { test_data: testData }) },
				hintIfUncertain:
					'The test event may have been sent. Check the webhook before you try again.',
			});
			return isObject(response) ? response : {};
		},
		remove,
		removeAll: async (ids) => {
			for (const id of untilDeadline(ids, api.totalTimeoutMs)) await remove(id);
		},
	};
}

async function collect(pages: AsyncGenerator<Webhook[]>): Promise<Webhook[]> {
	const webhooks: Webhook[] = [];
	for await (const page of pages) webhooks.push(...page);
	return webhooks;
}

async function* fetchPages(api: ApiConnection): AsyncGenerator<Webhook[]> {
	const cursors = new Set<string>();
	const ids = new Set<string>();
	const end = performance.now() + api.totalTimeoutMs;
	let count = 0;
	let length = 0;
	let cursor: string | undefined;
	for (let page = 0; page < MAX_PAGES && performance.now() < end; page++) {
		const query = { limit: PAGE_SIZE, ...(cursor !== undefined && { cursor }) };
		const response = await api.request({ method: 'GET', path: '/webhooks', query });
		const entries = findEntries(response);
		if (!entries) throw api.invalidResponse('its response contains no list of webhooks');
		count += entries.length;
		length += JSON.stringify(entries).length;
		if (count > MAX_WEBHOOKS || length > MAX_LIST_LENGTH) break;
		// A webhook can move to the next page between two requests.
		yield entries.flatMap((entry) => toWebhook(entry) ?? []).filter(isNewId(ids));

		const { hasMore, next } = readCursor(response);
		if (!hasMore) return;
		if (next === undefined) throw api.invalidResponse('its list of webhooks is incomplete');
		if (cursors.has(next)) throw api.invalidResponse('its list of webhooks repeats a page');
		cursors.add(next);
		cursor = next;
	}
	throw api.invalidResponse('its list of webhooks does not end');
}

function isNewId(ids: Set<string>): (webhook: Webhook) => boolean {
	return ({ id }) => !ids.has(id) && ids.add(id) !== undefined;
}

/** The format of a list is not documented. Accepts an array and two kinds of envelopes. */
function findEntries(response: unknown): unknown[] | undefined {
	if (Array.isArray(response)) return response;
	const { data, webhooks } = (response ?? {}) as IDataObject;
	return [data, webhooks].find((list): list is [] => Array.isArray(list));
}

/** An incomplete list must not pass as complete, because missing webhooks would count as deleted. */
function readCursor(response: unknown): { hasMore: boolean; next?: string } {
	const { has_more: hasMore, next_cursor: cursor } = response as IDataObject;
	const isEmpty = [undefined, null, '', false].includes(cursor as string);
	const next = /^(string|number)$/.test(typeof cursor) && !isEmpty ? String(cursor) : undefined;
	return { hasMore: typeof hasMore === 'boolean' ? hasMore : !isEmpty, next };
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
	return typeof id === 'string' ? VALID_ID.test(id) : Number.isSafeInteger(id);
}

function locate(id: string): { path: string; subject: string } {
	return { path: `/webhooks/${encodeURIComponent(id)}`, subject: `webhook ${id}` };
}

const MINUTE_MS = 60_000;

/**
 * Iterates over webhooks until the deadline. A service may list thousands of them and respond slowly.
 *
 * @throws {OperationalError} if some are left at the deadline
 */
export function* untilDeadline<T>(webhooks: Iterable<T>, maxMs: number): Generator<T> {
	const end = performance.now() + maxMs;
	for (const webhook of webhooks) {
		if (performance.now() >= end) {
			throw new OperationalError(
				`Processing the webhooks for this URL took longer than ${maxMs / MINUTE_MS} minutes. Try again to continue, or delete the webhooks in MindPeeker.`,
			);
		}
		yield webhook;
	}
}
