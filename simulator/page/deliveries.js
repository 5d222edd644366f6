/** @import { Attempt, Delivery } from '../delivery/delivery.mts' */
import { byId, clockTime, element } from './dom.js';
import { keyedList } from './keyedList.js';

const HISTORY = 100;

const none = byId('no-deliveries', HTMLElement);
const latest = byId('latest', HTMLElement);
const showRows = keyedList(byId('deliveries', HTMLElement), makeRow);

/** @type {Map<string, Delivery>} */
let known = new Map();

/** @param {readonly Delivery[]} deliveries all there are */
export function showDeliveries(deliveries) {
	known = new Map();
	addDeliveries(deliveries);
}

/** @param {readonly Delivery[]} deliveries those that are new or have changed */
export function addDeliveries(deliveries) {
	for (const delivery of deliveries) known.set(delivery.id, delivery);
	const newestFirst = [...known.values()]
		.reverse()
		.sort((a, b) => b.createdAt.localeCompare(a.createdAt))
		.slice(0, HISTORY);
	known = new Map(newestFirst.toReversed().map((delivery) => [delivery.id, delivery]));
	showRows(newestFirst);
	none.hidden = newestFirst.length > 0;
}

/**
 * Says the last of them to those who do not see the list.
 *
 * @param {readonly Delivery[]} deliveries
 */
export function announce(deliveries) {
	const delivery = deliveries.at(-1);
	const attempt = delivery?.attempts.at(-1);
	if (!delivery || !attempt) return;
	latest.textContent = `${delivery.eventType}: ${stateOf(delivery)}, ${outcomeOf(attempt)}`;
}

/** @returns {import('./keyedList.js').Row<Delivery>} */
function makeRow() {
	const state = element('span', { class: 'badge' });
	const type = element('strong');
	const id = element('code');
	const begun = element('time');
	const url = element('p', { class: 'url hint' });
	const attempts = element('ol', { class: 'plain attempts' });
	const body = element('pre', { tabindex: '0' });
	const sent = element('details', {}, element('summary', {}, 'What is sent'), body);
	const line = element('p', { class: 'row' }, begun, state, type, id);
	let attemptsShown = 0;

	/** @param {Delivery} delivery */
	const update = (delivery) => {
		state.textContent = stateOf(delivery);
		state.dataset['state'] = delivery.state;
		type.textContent = delivery.eventType || 'no type';
		id.textContent = delivery.eventId;
		begun.dateTime = delivery.createdAt;
		begun.textContent = clockTime(delivery.createdAt);
		url.textContent = `to ${delivery.url}`;
		body.textContent = laidOut(delivery.body);
		attempts.append(...delivery.attempts.slice(attemptsShown).map(attemptItem));
		attemptsShown = delivery.attempts.length;
	};
	return { node: element('li', {}, line, url, attempts, sent), update };
}

/** @param {Attempt} attempt */
function attemptItem(attempt) {
	const { number, copy, startedAt, durationMs, responseBody } = attempt;
	const name = copy === 0 ? `Attempt ${number}` : `Copy ${copy} of attempt ${number}`;
	const outcome = element('b', {}, outcomeOf(attempt));
	outcome.dataset['good'] = String(hasSucceeded(attempt));
	const start = element('time', { datetime: startedAt }, clockTime(startedAt));
	const line = element('p', {}, start, ` ${name}: `, outcome, ` in ${durationMs} ms`);
	const answer = responseBody === '' ? [] : [element('code', { class: 'answer' }, responseBody)];
	return element('li', {}, line, ...answer);
}

/** @param {Attempt} attempt */
function outcomeOf({ status, error }) {
	if (error === null) return String(status);
	return status === null ? error : `${error}; the status was ${status}`;
}

/** @param {Attempt} attempt */
function hasSucceeded({ status, error }) {
	return error === null && status !== null && status >= 200 && status < 300;
}

/** @param {Delivery} delivery */
function stateOf({ state, attempts, nextAttemptAt }) {
	switch (state) {
		case 'delivered':
			return 'delivered';
		case 'givenUp':
			return 'given up';
		case 'cancelled':
			return 'cancelled';
		case 'pending':
			if (attempts.length === 0 || nextAttemptAt === null) return 'under way';
			return `again at ${clockTime(nextAttemptAt)}`;
	}
}

/** @param {string} body */
function laidOut(body) {
	try {
		return JSON.stringify(JSON.parse(body), null, 2);
	} catch {
		return body;
	}
}
