/** @import { Attempt, Delivery } from '../delivery/delivery.mts' */
import { createElement, formatTime, getById } from './dom.js';
import { createKeyedList } from './keyedList.js';

const MAX_DELIVERIES = 100;

const empty = getById('no-deliveries', HTMLElement);
const announcement = getById('announcement', HTMLElement);
const renderRows = createKeyedList(getById('deliveries', HTMLElement), createRow);

/** @type {Map<string, Delivery>} */
let shown = new Map();

/** @param {readonly Delivery[]} deliveries replace all others */
export function showDeliveries(deliveries) {
	shown = new Map();
	addDeliveries(deliveries);
}

/** @param {readonly Delivery[]} deliveries new or changed */
export function addDeliveries(deliveries) {
	for (const delivery of deliveries) shown.set(delivery.id, delivery);
	const newestFirst = [...shown.values()]
		.reverse()
		.sort((a, b) => b.createdAt.localeCompare(a.createdAt))
		.slice(0, MAX_DELIVERIES);
	shown = new Map(newestFirst.toReversed().map((delivery) => [delivery.id, delivery]));
	renderRows(newestFirst);
	empty.hidden = newestFirst.length > 0;
}

/**
 * Announces the latest delivery to screen readers.
 *
 * @param {readonly Delivery[]} deliveries
 */
export function announce(deliveries) {
	const delivery = deliveries.at(-1);
	const attempt = delivery?.attempts.at(-1);
	if (!delivery || !attempt) return;
	const { eventType } = delivery;
	announcement.textContent = `${eventType}: ${describeState(delivery)}, ${describeResult(attempt)}`;
}

/** @returns {import('./keyedList.js').Row<Delivery>} */
function createRow() {
	const state = createElement('span', { class: 'badge' });
	const type = createElement('strong');
	const id = createElement('code', { class: 'hint' });
	const time = createElement('time');
	const url = createElement('p', { class: 'url hint' });
	const attempts = createElement('ol', { class: 'plain attempts' });
	const body = createElement('pre', { tabindex: '0' });
	const request = createElement('details', {}, createElement('summary', {}, 'Request body'), body);
	const heading = createElement('p', { class: 'row' }, time, state, type, id);
	let attemptsShown = 0;

	/** @param {Delivery} delivery */
	const update = (delivery) => {
		state.textContent = describeState(delivery);
		state.dataset['state'] = delivery.state;
		type.textContent = delivery.eventType || 'no type';
		id.textContent = delivery.eventId;
		time.dateTime = delivery.createdAt;
		time.textContent = formatTime(delivery.createdAt);
		url.textContent = `to ${delivery.url}`;
		body.textContent = formatBody(delivery.body);
		attempts.append(...delivery.attempts.slice(attemptsShown).map(createAttemptItem));
		attemptsShown = delivery.attempts.length;
	};
	return { node: createElement('li', {}, heading, url, attempts, request), update };
}

/** @param {Attempt} attempt */
function createAttemptItem(attempt) {
	const { number, copy, startedAt, durationMs, responseBody } = attempt;
	const name = copy === 0 ? `Attempt ${number}` : `Duplicate ${copy} of attempt ${number}`;
	const result = createElement('b', {}, describeResult(attempt));
	result.dataset['success'] = String(isSuccess(attempt));
	const time = createElement('time', { datetime: startedAt }, formatTime(startedAt));
	const line = createElement('p', {}, time, ` ${name}: `, result, ` in ${durationMs} ms`);
	const response = responseBody && createElement('code', { class: 'response' }, responseBody);
	return createElement('li', {}, line, ...(response ? [response] : []));
}

/** @param {Attempt} attempt */
function describeResult({ status, error }) {
	if (error === null) return String(status);
	return status === null ? error : `${error}, status ${status}`;
}

/** @param {Attempt} attempt */
function isSuccess({ status, error }) {
	return error === null && status !== null && status >= 200 && status < 300;
}

/** @param {Delivery} delivery */
function describeState({ state, attempts, nextAttemptAt }) {
	const isRetryScheduled = state === 'pending' && attempts.length > 0 && nextAttemptAt !== null;
	return isRetryScheduled ? `retry at ${formatTime(nextAttemptAt)}` : state;
}

/** @param {string} body */
function formatBody(body) {
	try {
		return JSON.stringify(JSON.parse(body), null, 2);
	} catch {
		return body;
	}
}
