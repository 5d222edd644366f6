import { isSameUrl } from '../publicUrl';
import type { Webhook, WebhookChanges } from '../api/webhooks';

/** The one active webhook that MindPeeker should have for a URL. */
export interface DesiredWebhook {
	readonly url: string;
	/** Event types, without a wildcard. */
	readonly events: readonly string[];
	/** The user's secret. Generated if missing. */
	readonly secret?: string;
	/** URLs of the same node that must have no webhook, such as the one for the other value of Acknowledge. */
	readonly otherUrls?: readonly string[];
}

export type Change =
	| { action: 'create' }
	| { action: 'update'; id: string; fields: WebhookChanges }
	| { action: 'remove'; id: string };

/** A webhook that was registered by us. */
export interface KnownWebhook {
	readonly webhookId: string;
	/** Whether its secret is the desired one. */
	readonly isSecretCurrent: boolean;
}

/**
 * Returns the changes that turn the listed webhooks into the desired one, in the order to apply. A webhook is kept only
 * if its secret is known to be current. The known webhook is removed last, so that it survives an earlier failure.
 */
export function planChanges(
	desired: DesiredWebhook,
	webhooks: readonly Webhook[],
	known?: KnownWebhook,
): Change[] {
	const { url, otherUrls = [] } = desired;
	const registered = webhooks.find(({ id }) => id === known?.webhookId);
	const isUsable = registered && isSameUrl(registered.url, url) && known?.isSecretCurrent;
	const kept = isUsable ? registered : undefined;
	const unknown = webhooks.filter(
		(webhook) =>
			webhook !== registered &&
			[url, ...otherUrls].some((nodeUrl) => isSameUrl(webhook.url, nodeUrl)),
	);
	return [
		...(kept ? planUpdate(kept, desired) : [{ action: 'create' } as const]),
		...planRemoval(unknown),
		...(registered && !kept ? planRemoval([registered]) : []),
	];
}

/**
 * Plans without a secret: keeps an existing webhook with its secret, whatever that is.
 *
 * @returns undefined if there is no webhook to keep
 */
export function planWithoutSecret(
	desired: DesiredWebhook,
	webhooks: readonly Webhook[],
): Change[] | undefined {
	const candidates = webhooks.filter(({ url }) => isSameUrl(url, desired.url));
	const kept = candidates.find(({ active }) => active) ?? candidates[0];
	if (!kept) return undefined;
	const others = candidates.filter((webhook) => webhook !== kept);
	return [...planUpdate(kept, desired), ...planRemoval(others)];
}

function planUpdate({ id, events, active }: Webhook, desired: DesiredWebhook): Change[] {
	const fields = {
		...(!hasSameMembers(events, desired.events) && { events: [...desired.events] }),
		...(!active && { active: true }),
	};
	return Object.keys(fields).length > 0 ? [{ action: 'update', id, fields }] : [];
}

function planRemoval(webhooks: readonly Webhook[]): Change[] {
	return webhooks.map(({ id }) => ({ action: 'remove', id }));
}

function hasSameMembers(a: readonly string[], b: readonly string[]): boolean {
	return [...new Set(a)].sort().join() === [...new Set(b)].sort().join();
}
