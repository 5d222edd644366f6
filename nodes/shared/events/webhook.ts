import type { EventType } from './eventType';

export const webhookEvents: readonly EventType[] = [
	{
		type: 'webhook.failed',
		description: 'All retries of a delivery are used up, and its webhook was marked as failed',
		sample: {
			webhook_id: 'wh_123456789',
			status: 'failed',
			event_id: 'evt_1234567890abcdef',
			url: 'https://n8n.example.com/webhook/2f6a1c/mindpeeker',
			attempts: 7,
			last_status: 500,
			last_error: 'The receiver answered 500',
		},
	},
];
