import type { IWebhookFunctions } from 'n8n-workflow';

import type { MindPeekerEvent } from '../../shared/events/event';
import { trackAcceptance } from '../deduplication/databaseDeduplication';
import { getPendingTimeoutMs, getSeenEvents } from '../deduplication/seenEvents';
import type { DeliveryRecord } from '../logging/deliveryLogger';
import type { Settings } from '../settings';
import { Batcher, getBatcher } from './batcher';

/** The result of a delivery. Its outcome determines the response, unless an execution starts. */
export interface DeliveryResult extends Omit<DeliveryRecord, 'status' | 'durationMs'> {
	/** Set if n8n must start an execution. n8n then responds. */
	readonly execution?: {
		readonly events: readonly MindPeekerEvent[];
		/** Must be called when n8n has responded. */
		readonly onResponded: (isAccepted: boolean) => void;
	};
}

/** Starts an execution, unless the event was accepted before. A pending duplicate shares the result. */
export async function acceptEvent(
	context: IWebhookFunctions,
	event: MindPeekerEvent,
	settings: Settings,
): Promise<DeliveryResult> {
	if (settings.deduplication === 'off') return await addToBatch(context, event, settings);

	const seenEvents = getSeenEvents(context);
	// `readSettings` has replaced `durable` by `memory` for When Finished. The execution checks the rest of `durable`.
	const timeoutMs = getPendingTimeoutMs(settings);
	const claim = seenEvents.claim(String(event.id), performance.now(), timeoutMs);
	if (claim.status === 'new') {
		const settle = (isAccepted: boolean) => claim.settle(isAccepted, performance.now());
		return await addToBatch(context, event, settings, settle);
	}
	const isAccepted = claim.status === 'accepted' || (await claim.outcome);
	return { outcome: isAccepted ? 'duplicate' : 'not accepted' };
}

/** The first delivery of a batch starts the execution. The others wait for its result. */
async function addToBatch(
	context: IWebhookFunctions,
	event: MindPeekerEvent,
	settings: Settings,
	settle: (isAccepted: boolean) => void = () => {},
): Promise<DeliveryResult> {
	// Without batches, a batcher of its own closes at once. A test event must not join the batch of published deliveries.
	const batcher = settings.batchSize > 1 ? getBatcher(context) : new Batcher();
	const { isAccepted, first } = batcher.add(event, settings);
	trackAcceptance(event, isAccepted);
	if (!first) {
		const hasSucceeded = await isAccepted;
		settle(hasSucceeded);
		return { outcome: hasSucceeded ? 'accepted' : 'not accepted' };
	}
	const onResponded = (hasSucceeded: boolean) => {
		first.resolveBatch(hasSucceeded);
		settle(hasSucceeded);
	};
	return { outcome: 'accepted', execution: { events: await first.events, onResponded } };
}
