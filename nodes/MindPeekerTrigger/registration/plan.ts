import { isSameUrl } from '../../shared/publicUrl';
import type { Webhook } from '../../shared/webhooks';
import { isDigestOf } from './secret';
import type { Registration } from './state';

/** What MindPeeker should have registered for this node: one active webhook. */
export interface Desired {
	readonly url: string;
	/** Names of types, without a wildcard. */
	readonly events: readonly string[];
	/** The credential's secret; without one the node makes its own. */
	readonly secret?: string;
}

export type Step =
	| { do: 'create' }
	| { do: 'update'; id: string; changes: { events?: string[]; active?: boolean } }
	| { do: 'remove'; id: string };

/**
 * What leads from the webhooks that MindPeeker lists to the desired one, in this order. A webhook is kept
 * only where its secret is known to be the one in force: any other must never be trusted, and never be left.
 * Our own goes last: until then, a failure leaves it in place.
 */
export function plan(
	desired: Desired,
	webhooks: readonly Webhook[],
	registration?: Registration,
): Step[] {
	const here = webhooks.filter(({ url }) => isSameUrl(url, desired.url));
	const own = webhooks.find(({ id }) => id === registration?.webhookId);
	const kept = own && here.includes(own) && isInForce(registration, desired) ? own : undefined;
	const strangers = here.filter((webhook) => webhook !== own);
	const obsolete = own && own !== kept ? [...strangers, own] : strangers;
	return [
		...(kept ? update(kept, desired) : [{ do: 'create' } as const]),
		...obsolete.map(({ id }) => ({ do: 'remove', id }) as const),
	];
}

function isInForce(registration: Registration | undefined, { secret }: Desired): boolean {
	if (secret === undefined) return registration?.generatedSecret !== undefined;
	return isDigestOf(registration?.secretDigest ?? '', secret);
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
