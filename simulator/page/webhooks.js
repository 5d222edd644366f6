/** @import { ShownWebhook } from '../http/streamMessage.mts' */
import { control, tellOutcome } from './control.js';
import { button, byId, element } from './dom.js';
import { keyedList } from './keyedList.js';

const none = byId('no-webhooks', HTMLElement);
const outcome = byId('webhooks-outcome', HTMLElement);
const showRows = keyedList(byId('webhooks', HTMLElement), makeRow);

/** @param {readonly ShownWebhook[]} webhooks */
export function showWebhooks(webhooks) {
	showRows(webhooks);
	none.hidden = webhooks.length > 0;
}

/** @param {string} id */
function makeRow(id) {
	const path = `/webhooks/${encodeURIComponent(id)}`;
	let isActive = true;
	/** @param {() => Promise<string>} action */
	const act = (action) => () => void tellOutcome(outcome, action);

	const test = act(async () => {
		const { event } = await control('POST', `${path}/test`);
		return `The test event ${event.id}, a ${event.type}, is on its way to ${id}.`;
	});
	const toggle = act(async () => {
		const { status } = await control('POST', `${path}/${isActive ? 'pause' : 'activate'}`);
		return `${id} is ${status}.`;
	});
	const remove = act(async () => {
		await control('DELETE', path);
		return `${id} is deleted.`;
	});

	const url = element('strong', { class: 'url' });
	const status = element('span', { class: 'badge' });
	const events = element('details');
	const switching = button('Pause', toggle);
	const buttons = [button('Send test event', test), switching, button('Delete', remove)];
	for (const each of buttons) each.setAttribute('aria-describedby', `url-of-${id}`);
	url.id = `url-of-${id}`;

	/** @param {ShownWebhook} webhook */
	const update = (webhook) => {
		isActive = webhook.active;
		url.textContent = webhook.url;
		status.textContent = webhook.status;
		status.dataset['state'] = webhook.status;
		switching.textContent = isActive ? 'Pause' : 'Switch on';
		const count = webhook.events.length === 1 ? '1 event' : `${webhook.events.length} events`;
		events.replaceChildren(element('summary', {}, count), webhook.events.join(', '));
	};
	const line = element('p', { class: 'row' }, status, element('code', {}, id));
	const actions = element('p', { class: 'row' }, ...buttons);
	return { node: element('li', {}, line, url, events, actions), update };
}
