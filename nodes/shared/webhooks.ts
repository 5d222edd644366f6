import type { IDataObject } from 'n8n-workflow';

import type { ApiConnection, Call } from './api';
import { isObject } from './isObject';
import { whileTimeLasts } from './whileTimeLasts';

/** What the user is told where a call fails, instead of what it means in general. */
export type CallTexts = Pick<Call, 'texts' | 'adviceIfDone'>;

const PAGE_SIZE = 100;
// No account has that many; a list without an end is to be noticed before it takes all of n8n's memory and time.
const MAX_PAGES = 100;
const MAX_WEBHOOKS = MAX_PAGES * PAGE_SIZE;
const MAX_LIST_LENGTH = 8 * 1024 * 1024;
/** Of dots alone would lead to another path than that of a webhook, and the log has to have it in one line. */
const USABLE_ID = /^(?!\.{1,2}$)[\x21-\x7e]{1,256}$/;
/** What the status of a webhook says if MindPeeker delivers to it. */
export const DELIVERING = /^(active|enabled|ok)$/i;

/** A webhook as the API lists it. */
export interface Webhook {
	id: string;
	url: string;
	events: string[];
	/** False where it is paused or was marked as failed. */
	active: boolean;
	/** All that the service says of it, but never a secret. */
	asSent?: IDataObject;
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

/** MindPeeker's management of webhooks; what fails is thrown as a `MindPeekerError`. */
export interface WebhookApi {
	/** The webhooks of the account page by page, each page fetched when it is asked for. */
	pages(): AsyncGenerator<Webhook[]>;
	/** All webhooks of the account, of every page. */
	list(): Promise<Webhook[]>;
	/** Registers a webhook, active unless told otherwise, and gives it as the service has it. */
	create(webhook: WebhookToCreate, texts?: CallTexts): Promise<Webhook>;
	/** Gives the webhook as it is then, where the service says so. */
	update(id: string, changes: WebhookChanges): Promise<Webhook | undefined>;
	/**
	 * Asks for a test delivery of an event of this type, signed like any other, with this data laid over the sample's.
	 * Gives what the service says of it.
	 */
	sendTest(id: string, eventType: string, testData?: IDataObject): Promise<IDataObject>;
	/** Removes one webhook after the other, for two minutes at most, or a quarter of an hour where calls are repeated. */
	removeAll(ids: readonly string[]): Promise<void>;
	/** Removes a webhook; one that is gone already is no error, unless `mustExist`. */
	remove(id: string, options?: { mustExist?: boolean }): Promise<void>;
}

const GONE = [404, 410];

export function webhookApi(api: ApiConnection): WebhookApi {
	const remove: WebhookApi['remove'] = async (id, { mustExist = false } = {}) => {
		const accept = mustExist ? { acceptIfDone: GONE } : { accept: GONE };
		await api.call({ method: 'DELETE', ...locate(id), ...accept });
	};
	return {
		pages: () => pagesOf(api),
		list: async () => await collect(pagesOf(api)),
		create: async (webhook, texts) => {
			const body = { active: true, ...webhook };
			const answer = await api.call({ method: 'POST', path: '/webhooks', body, ...texts });
			const created = toWebhook(unwrap(answer));
			if (created) return created;
			throw api.unintelligible('it gave no id for the new webhook', texts?.adviceIfDone);
		},
		update: async (id, changes) => {
			const body = { ...changes };
			const answer = await api.call({ method: 'PATCH', ...locate(id), body });
			return toWebhook(unwrap(answer));
		},
		sendTest: async (id, eventType, testData) => {
			const body = { event_type: eventType, ...(testData && { test_data: testData }) };
			const { path, subject } = locate(id);
			const adviceIfDone =
				'The test event may have been sent all the same: look at the webhook before you try again.';
			const call = { method: 'POST', path: `${path}/test`, subject, body, adviceIfDone } as const;
			const answer = await api.call(call);
			return isObject(answer) ? answer : {};
		},
		remove,
		removeAll: async (ids) => {
			for (const id of whileTimeLasts(ids, api.patienceMs)) await remove(id);
		},
	};
}

async function collect(pages: AsyncGenerator<Webhook[]>): Promise<Webhook[]> {
	const webhooks: Webhook[] = [];
	for await (const page of pages) webhooks.push(...page);
	return webhooks;
}

async function* pagesOf(api: ApiConnection): AsyncGenerator<Webhook[]> {
	const cursors = new Set<string>();
	const ids = new Set<string>();
	const end = performance.now() + api.patienceMs;
	let listed = 0;
	let length = 0;
	let cursor: string | undefined;
	for (let page = 0; page < MAX_PAGES && performance.now() < end; page++) {
		const query = { limit: PAGE_SIZE, ...(cursor !== undefined && { cursor }) };
		const answer = await api.call({ method: 'GET', path: '/webhooks', query });
		const entries = entriesOf(answer);
		if (!entries) throw api.unintelligible('its answer contains no list of webhooks');
		listed += entries.length;
		length += JSON.stringify(entries).length;
		if (listed > MAX_WEBHOOKS || length > MAX_LIST_LENGTH) break;
		yield entries.flatMap((entry) => toWebhook(entry) ?? []).filter(isListedFirst(ids));

		const { hasMore, next } = positionOf(answer);
		if (!hasMore) return;
		if (next === undefined) throw api.unintelligible('its list of webhooks breaks off');
		if (cursors.has(next)) throw api.unintelligible('its list of webhooks runs in a circle');
		cursors.add(next);
		cursor = next;
	}
	throw api.unintelligible('its list of webhooks does not end');
}

/** On pages that are asked for one after the other, what moves between them stands twice. */
function isListedFirst(ids: Set<string>): (webhook: Webhook) => boolean {
	return ({ id }) => !ids.has(id) && ids.add(id) !== undefined;
}

/** The documentation shows no shape of a list: a bare array and two envelopes are accepted. */
function entriesOf(answer: unknown): unknown[] | undefined {
	if (Array.isArray(answer)) return answer;
	const { data, webhooks } = (answer ?? {}) as IDataObject;
	return [data, webhooks].find((list): list is [] => Array.isArray(list));
}

/** Half a list must never be taken for the whole: what is not on it would count as gone. */
function positionOf(answer: unknown): { hasMore: boolean; next?: string } {
	const { has_more: hasMore, next_cursor: cursor } = answer as IDataObject;
	const isNone = [undefined, null, '', false].includes(cursor as string);
	const next = /^(string|number)$/.test(typeof cursor) && !isNone ? String(cursor) : undefined;
	return { hasMore: typeof hasMore === 'boolean' ? hasMore : !isNone, next };
}

function unwrap(answer: unknown): unknown {
	const { data, webhook } = (answer ?? {}) as IDataObject;
	return webhook ?? data ?? answer;
}

function toWebhook(entry: unknown): Webhook | undefined {
	const asSent = isObject(entry) ? { ...entry } : {};
	delete asSent.secret;
	const { id, url, events, active, status } = asSent;
	if (!isUsableId(id)) return undefined;
	return {
		id: String(id),
		url: typeof url === 'string' ? url : '',
		events: [events].flat().filter((type) => typeof type === 'string'),
		active: active !== false && (typeof status !== 'string' || DELIVERING.test(status)),
		asSent,
	};
}

/** A number that was too large has been rounded, and is that of another webhook. */
function isUsableId(id: unknown): id is string | number {
	return typeof id === 'string' ? USABLE_ID.test(id) : Number.isSafeInteger(id);
}

function locate(id: string): { path: string; subject: string } {
	return { path: `/webhooks/${encodeURIComponent(id)}`, subject: `webhook ${id}` };
}
