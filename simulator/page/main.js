import { addDeliveries, announce, showDeliveries } from './deliveries.js';
import { byId } from './dom.js';
import { startEventForm } from './eventForm.js';
import { showFaults } from './faults.js';
import { followStream } from './stream.js';
import { showWebhooks } from './webhooks.js';

const connection = byId('connection', HTMLElement);

void startEventForm();
followStream({
	onSnapshot: ({ baseUrl, apiKey, webhooks, faults, deliveries }) => {
		connection.textContent = 'Connected';
		connection.classList.remove('failed');
		byId('base-url', HTMLElement).textContent = baseUrl;
		byId('api-key', HTMLElement).textContent = apiKey;
		showWebhooks(webhooks);
		showFaults(faults);
		showDeliveries(deliveries);
	},
	onChange: ({ webhooks, faults, deliveries }) => {
		if (webhooks) showWebhooks(webhooks);
		if (faults) showFaults(faults);
		if (!deliveries) return;
		addDeliveries(deliveries);
		announce(deliveries);
	},
	onLost: () => {
		connection.textContent = 'The simulator is not reached. Trying again …';
		connection.classList.add('failed');
	},
});
