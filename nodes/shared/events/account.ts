import type { EventType } from './eventType';

const subject = { account_id: 'acct_123456789' };

export const accountEvents: readonly EventType[] = [
	{
		type: 'account.subscription_updated',
		description: 'The plan of the account changed',
		sample: { ...subject, status: 'active', previous_plan: 'basic', plan: 'professional' },
	},
	{
		type: 'account.usage_threshold_reached',
		description: 'The usage limit of the account is approaching',
		sample: { ...subject, status: 'warning', threshold: 80, usage: 812, limit: 1000 },
	},
	{
		type: 'account.payment_succeeded',
		description: 'A payment succeeded',
		sample: { ...subject, status: 'succeeded', amount: 4900, currency: 'usd' },
	},
	{
		type: 'account.payment_failed',
		description: 'A payment failed',
		sample: {
			...subject,
			status: 'failed',
			amount: 4900,
			currency: 'usd',
			error: { code: 'card_declined', message: 'The card was declined' },
		},
	},
];
