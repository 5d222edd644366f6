/** @import { Change, Snapshot } from '../http/changeMessages.mts' */
import { addDeliveries, announce, showDeliveries } from './deliveries.js';
import { getById } from './dom.js';
import { initEventForm } from './eventForm.js';
import { showFaults } from './faults.js';
import { showWebhooks } from './webhooks.js';

const RECONNECT_MS = 2_000;
const connection = getById('connection', HTMLElement);

void initEventForm();
connect();

function connect() {
	const source = new EventSource('/simulator/stream');
	source.addEventListener('snapshot', ({ data }) => showSnapshot(JSON.parse(data)));
	source.addEventListener('change', ({ data }) => showChange(JSON.parse(data)));
	source.addEventListener('error', () => {
		connection.textContent = 'Connection lost. Reconnecting …';
		connection.dataset['state'] = 'failed';
		// After some errors the browser does not reconnect.
		if (source.readyState === EventSource.CLOSED) setTimeout(connect, RECONNECT_MS);
	});
}

/** @param {Snapshot} snapshot */
function showSnapshot({ baseUrl, apiKey, webhooks, faults, deliveries }) {
	connection.textContent = 'Connected';
	connection.dataset['state'] = 'active';
	getById('base-url', HTMLElement).textContent = baseUrl;
	getById('api-key', HTMLElement).textContent = apiKey;
	showWebhooks(webhooks);
	showFaults(faults);
	showDeliveries(deliveries);
}

/** @param {Change} change */
function showChange({ webhooks, faults, deliveries }) {
	if (webhooks) showWebhooks(webhooks);
	if (faults) showFaults(faults);
	if (!deliveries) return;
	addDeliveries(deliveries);
	announce(deliveries);
}
