import type { IDataObject } from 'n8n-workflow';

import type { ApiConnection } from './api';

const PAGE_SIZE = 100;
const MAX_PAGES = 1_000;
const DELIVERING = /^(active|enabled|ok)$/i;

/** A webhook as the API lists it. */
export interface Webhook {
	id: string;
	url: string;
	events: string[];
	/** False where it is paused or was marked as failed. */
	active: boolean;
}

/** MindPeeker's management of webhooks; what fails is thrown as a `MindPeekerError`. */
export interface WebhookApi {
	/** All webhooks of the account, of every page. */
	list(): Promise<Webhook[]>;
	/** Registers a webhook and gives it as the service has it. */
	create(webhook: { url: string; events: string[]; secret: string }): Promise<Webhook>;
	update(id: string, changes: { events?: string[]; active?: boolean }): Promise<void>;
	/** Asks for a test delivery of an event of this type, signed like any other. */
	sendTest(id: string, eventType: string): Promise<void>;
	/** Removes a webhook; one that is gone already is no error. */
	remove(id: string): Promise<void>;
}

export function webhookApi(api: ApiConnection): WebhookApi {
	return {
		list: async () => await listAll(api),
		create: async (webhook) => {
			const body = { ...webhook, active: true };
			const answer = await api.call({ method: 'POST', path: '/webhooks', body });
			const created = toWebhook(unwrap(answer));
			if (!created) throw api.unintelligible('it gave no id for the new webhook');
			return created;
		},
		update: async (id, changes) => {
			await api.call({ method: 'PATCH', path: pathOf(id), body: changes });
		},
		sendTest: async (id, eventType) => {
			const body = { event_type: eventType };
			await api.call({ method: 'POST', path: `${pathOf(id)}/test`, body });
		},
		remove: async (id) => {
			await api.call({ method: 'DELETE', path: pathOf(id), accept: [404, 410] });
		},
	};
}

async function listAll(api: ApiConnection): Promise<Webhook[]> {
	const webhooks: Webhook[] = [];
	const cursors = new Set<string>();
	let cursor: string | undefined;
	for (let page = 0; page < MAX_PAGES; page++) {
		const query = { limit: PAGE_SIZE, ...(cursor !== undefined && { cursor }) };
		const answer = await api.call({ method: 'GET', path: '/webhooks', query });
		const entries = entriesOf(answer);
		if (!entries) throw api.unintelligible('its answer contains no list of webhooks');
		webhooks.push(...entries.flatMap((entry) => toWebhook(entry) ?? []));

		const { hasMore, next } = positionOf(answer);
		if (!hasMore) return webhooks;
		if (next === undefined) throw api.unintelligible('its list of webhooks breaks off');
		if (cursors.has(next)) throw api.unintelligible('its list of webhooks runs in a circle');
		cursors.add(next);
		cursor = next;
	}
	throw api.unintelligible('its list of webhooks does not end');
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
	const next =
		cursor === undefined || cursor === null || cursor === '' ? undefined : String(cursor);
	return { hasMore: typeof hasMore === 'boolean' ? hasMore : next !== undefined, next };
}

function unwrap(answer: unknown): unknown {
	const { data, webhook } = (answer ?? {}) as IDataObject;
	return webhook ?? data ?? answer;
}

function toWebhook(entry: unknown): Webhook | undefined {
	const { id, url, events, active, status } = (entry ?? {}) as IDataObject;
	if ((typeof id !== 'string' && typeof id !== 'number') || id === '') return undefined;
	return {
		id: String(id),
		url: typeof url === 'string' ? url : '',
		events: Array.isArray(events) ? events.map(String) : [],
		active: active !== false && (typeof status !== 'string' || DELIVERING.test(status)),
	};
}

function pathOf(id: string): string {
	return `/webhooks/${encodeURIComponent(id)}`;
}
