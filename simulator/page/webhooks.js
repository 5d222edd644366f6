/** @import { WebhookView } from '../http/changeMessages.mts' */
import { callControlApi, showOutcome } from './controlApi.js';
import { createButton, createElement, getById } from './dom.js';
import { createKeyedList } from './keyedList.js';

const empty = getById('no-webhooks', HTMLElement);
const outcome = getById('webhooks-outcome', HTMLElement);
const renderRows = createKeyedList(getById('webhooks', HTMLElement), createRow);

/** @param {readonly WebhookView[]} webhooks */
export function showWebhooks(webhooks) {
	renderRows(webhooks);
	empty.hidden = webhooks.length > 0;
}

/** @param {string} id */
function createRow(id) {
	const path = `/webhooks/${encodeURIComponent(id)}`;
	let isActive = true;
	/** @param {() => Promise<string>} action */
	const onClick = (action) => () => void showOutcome(outcome, action);

	const sendTest = onClick(async () => {
		const { event } = await callControlApi('POST', `${path}/test`);
		return `Sent test event ${event.id} (${event.type}) to ${id}.`;
	});
	const toggle = onClick(async () => {
		const action = isActive ? 'pause' : 'activate';
		const { status } = await callControlApi('POST', `${path}/${action}`);
		return `Webhook ${id} is ${status}.`;
	});
	const remove = onClick(async () => {
		await callControlApi('DELETE', path);
		return `Deleted webhook ${id}.`;
	});

	const url = createElement('strong', { class: 'url', id: `url-of-${id}` });
	const status = createElement('span', { class: 'badge' });
	const events = createElement('details');
	const toggleButton = createButton('Pause', toggle);
	const buttons = [
		createButton('Send test event', sendTest),
		toggleButton,
		createButton('Delete', remove),
	];
	for (const button of buttons) button.setAttribute('aria-describedby', url.id);

	/** @param {WebhookView} webhook */
	const update = (webhook) => {
		isActive = webhook.active;
		url.textContent = webhook.url;
		status.textContent = webhook.status;
		status.dataset['state'] = webhook.status;
		toggleButton.textContent = isActive ? 'Pause' : 'Activate';
		const count = webhook.events.length === 1 ? '1 event' : `${webhook.events.length} events`;
		events.replaceChildren(createElement('summary', {}, count), webhook.events.join(', '));
	};
	const name = createElement('code', { class: 'hint' }, id);
	const heading = createElement('p', { class: 'row' }, status, url, name);
	const actions = createElement('p', { class: 'row' }, ...buttons);
	return { node: createElement('li', {}, heading, events, actions), update };
}
