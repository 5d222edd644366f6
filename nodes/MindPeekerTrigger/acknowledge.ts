/** When MindPeeker gets its 200: as soon as n8n has the event, or when the workflow has succeeded. */
export type Acknowledge = 'received' | 'finished';

/**
 * n8n's name of the webhook whose path is in use for each. Two webhooks, for n8n takes the moment of the answer
 * from the webhook's description, where an expression would cost a factor of three; and n8n's types know no
 * other names than these two.
 */
export const WEBHOOK_NAMES = { received: 'default', finished: 'setup' } as const;
