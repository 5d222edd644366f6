import type { Delivery } from '../delivery/delivery.mts';
import { timesOf } from '../faults/fault.mts';
import type { RequestedFault } from '../faults/faults.mts';
import { withoutSecret, type Webhook } from '../platform/webhooks.mts';
import type { Service } from '../service.mts';

/** How many deliveries, the newest, one message holds. */
export const HISTORY = 100;
const LONGEST_BODY = 20_000;

export type ShownWebhook = Omit<Webhook, 'secret'>;
/** `spent`: it has struck as often as it was asked to. */
export type ShownFault = RequestedFault & { spent: boolean };

/** How things stand. */
export interface Snapshot {
	baseUrl: string;
	apiKey: string;
	/** Oldest first. */
	webhooks: ShownWebhook[];
	faults: ShownFault[];
	/** Oldest first. */
	deliveries: Delivery[];
}

/** What is different now: all webhooks or all faults where any changed, and the deliveries that did. */
export type Change = Partial<Pick<Snapshot, 'webhooks' | 'faults' | 'deliveries'>>;

export function snapshotOf(
	service: Service,
	{ origin, apiKey }: { origin: string; apiKey: string },
): Snapshot {
	return {
		baseUrl: `${origin}/v1`,
		apiKey,
		webhooks: shownWebhooks(service),
		faults: shownFaults(service),
		deliveries: service.log.find().slice(-HISTORY).map(shownDelivery),
	};
}

export function shownWebhooks({ webhooks }: Service): ShownWebhook[] {
	return webhooks.all().map(withoutSecret);
}

export function shownFaults({ faults }: Service): ShownFault[] {
	return faults.list().map((entry) => ({ ...entry, spent: entry.struck >= timesOf(entry.fault) }));
}

export function shownDelivery(delivery: Delivery): Delivery {
	const { body } = delivery;
	if (body.length <= LONGEST_BODY) return delivery;
	return { ...delivery, body: `${body.slice(0, LONGEST_BODY)}…` };
}
