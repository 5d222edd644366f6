import type { IDataObject } from 'n8n-workflow';

import type { ApiConnection } from './connection';

const PAGE_SIZE = 100;
// An endless list must fail before it uses up n8n's memory and time. No account has this many webhooks.
const MAX_PAGES = 100;
const MAX_WEBHOOKS = MAX_PAGES * PAGE_SIZE;
const MAX_LIST_LENGTH = 8 * 1024 * 1024;

/**
 * Fetches the pages of the list of webhooks on demand, and yields their entries as the API returned them.
 *
 * @throws {MindPeekerApiError} if a request fails, or the list is not valid or too long
 */
export async function* fetchPages(api: ApiConnection): AsyncGenerator<unknown[]> {
	const cursors = new Set<string>();
	const end = performance.now() + api.totalTimeoutMs;
	let count = 0;
	let length = 0;
	let cursor: string | undefined;
	for (let page = 0; page < MAX_PAGES && performance.now() < end; page++) {
		const query = { limit: PAGE_SIZE, ...(cursor !== undefined && { cursor }) };
		const response = await api.request({ method: 'GET', path: '/webhooks', query });
		const entries = findEntries(response);
		if (!entries) throw api.createInvalidResponseError('its response contains no list of webhooks');
		count += entries.length;
		length += JSON.stringify(entries).length;
		if (count > MAX_WEBHOOKS || length > MAX_LIST_LENGTH) break;
		yield entries;

		const { hasMore, next } = readCursor(response);
		if (!hasMore) return;
		if (next === undefined)
			throw api.createInvalidResponseError('its list of webhooks is incomplete');
		if (cursors.has(next))
			throw api.createInvalidResponseError('its list of webhooks repeats a page');
		cursors.add(next);
		cursor = next;
	}
	throw api.createInvalidResponseError('its list of webhooks does not end');
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
