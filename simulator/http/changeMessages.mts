import type { Delivery } from '../delivery/delivery.mts';
import { getMaxInjections } from '../faults/fault.mts';
import type { ActiveFault } from '../faults/faultInjector.mts';
import type { Service } from '../service/createService.mts';
import { omitSecret, type Webhook } from '../service/webhooks.mts';

/** The maximum number of deliveries in one message. */
export const MAX_DELIVERIES = 100;
const MAX_BODY_LENGTH = 20_000;

export type WebhookView = Omit<Webhook, 'secret'>;
/** `exhausted`: it has reached its maximum number of injections. */
export type FaultView = ActiveFault & { exhausted: boolean };

/** The first message of the change feed. */
export interface Snapshot {
	baseUrl: string;
	apiKey: string;
	/** Oldest first. */
	webhooks: WebhookView[];
	faults: FaultView[];
	/** Oldest first. */
	deliveries: Delivery[];
}

/** All webhooks or all faults if one has changed, and the changed deliveries. */
export type Change = Partial<Pick<Snapshot, 'webhooks' | 'faults' | 'deliveries'>>;

export function createSnapshot(
	service: Service,
	{ origin, apiKey }: { origin: string; apiKey: string },
): Snapshot {
	return {
		baseUrl: `${origin}/v1`,
		apiKey,
		webhooks: toWebhookViews(service),
		faults: toFaultViews(service),
		deliveries: service.deliveryLog.find().slice(-MAX_DELIVERIES).map(truncateBody),
	};
}

export function toWebhookViews({ webhooks }: Service): WebhookView[] {
	return webhooks.all().map(omitSecret);
}

export function toFaultViews({ faults }: Service): FaultView[] {
	return faults.list().map((entry) => ({
		...entry,
		exhausted: entry.timesInjected >= getMaxInjections(entry.fault),
	}));
}

export function truncateBody(delivery: Delivery): Delivery {
	const { body } = delivery;
	if (body.length <= MAX_BODY_LENGTH) return delivery;
	return { ...delivery, body: `${body.slice(0, MAX_BODY_LENGTH)}…` };
}
