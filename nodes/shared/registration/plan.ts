import { isSameUrl } from '../publicUrl';
import type { Webhook } from '../webhooks';

/** What MindPeeker should have registered under a url: one active webhook. */
export interface Desired {
	readonly url: string;
	/** Names of types, without a wildcard. */
	readonly events: readonly string[];
	/** The user's secret; without one it is made here. */
	readonly secret?: string;
	/** URLs of the same node that must have no webhook, such as that of the other choice of Acknowledge. */
	readonly otherUrls?: readonly string[];
}

export type Step =
	| { do: 'create' }
	| { do: 'update'; id: string; changes: { events?: string[]; active?: boolean } }
	| { do: 'remove'; id: string };

/** A webhook that is known to have been made here. */
export interface Own {
	readonly webhookId: string;
	/** Whether its secret is the one that is desired. */
	readonly isInForce: boolean;
}

/**
 * What leads from the webhooks that MindPeeker lists to the desired one, in this order. A webhook is kept
 * only where its secret is known to be the one in force: any other must never be trusted, and never be left.
 * Our own goes last: until then, a failure leaves it in place.
 */
export function plan(desired: Desired, webhooks: readonly Webhook[], known?: Own): Step[] {
	const { url, otherUrls = [] } = desired;
	const own = webhooks.find(({ id }) => id === known?.webhookId);
	const kept = own && isSameUrl(own.url, url) && known?.isInForce ? own : undefined;
	const strangers = webhooks.filter(
		(webhook) =>
			webhook !== own && [url, ...otherUrls].some((ours) => isSameUrl(webhook.url, ours)),
	);
	return [
		...(kept ? update(kept, desired) : [{ do: 'create' } as const]),
		...strangers.map(({ id }) => ({ do: 'remove', id }) as const),
		...(own && own !== kept ? [{ do: 'remove', id: own.id } as const] : []),
	];
}

/**
 * The same where no secret is known: one of those that are there is kept with whatever secret it has.
 *
 * @returns undefined where there is none
 */
export function planRepair(desired: Desired, webhooks: readonly Webhook[]): Step[] | undefined {
	const here = webhooks.filter(({ url }) => isSameUrl(url, desired.url));
	const kept = here.find(({ active }) => active) ?? here[0];
	if (!kept) return undefined;
	const others = here.filter((webhook) => webhook !== kept);
	return [...update(kept, desired), ...others.map(({ id }) => ({ do: 'remove', id }) as const)];
}

function update({ id, events, active }: Webhook, desired: Desired): Step[] {
	const changes = {
		...(!hasSameMembers(events, desired.events) && { events: [...desired.events] }),
		...(!active && { active: true }),
	};
	return Object.keys(changes).length > 0 ? [{ do: 'update', id, changes }] : [];
}

function hasSameMembers(some: readonly string[], others: readonly string[]): boolean {
	return [...new Set(some)].sort().join() === [...new Set(others)].sort().join();
}
