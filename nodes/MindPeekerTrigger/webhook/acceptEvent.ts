import type { IWebhookFunctions } from 'n8n-workflow';

import type { MindPeekerEvent } from '../../shared/events/event';
import { trackAcceptance } from '../deduplication/databaseDeduplication';
import { getPendingTimeoutMs, getSeenEvents } from '../deduplication/seenEvents';
import type { DeliveryRecord } from '../logging/deliveryLogger';
import type { Settings } from '../settings';
import { Batcher, getBatcher } from './batcher';

export type WebhookResponse =
	/** Sent by the trigger. No execution starts. */
	| { readonly kind: 'respond'; readonly status: number; readonly text: string }
	/** Sent by n8n, after it has stored an execution with these events. */
	| {
			readonly kind: 'start';
			readonly events: readonly MindPeekerEvent[];
			/** Must be called when n8n has responded. */
			readonly onResponded: (isAccepted: boolean) => void;
	  };

/** How to respond to a delivery, and what to log about it. */
export interface DeliveryResult extends Omit<DeliveryRecord, 'status' | 'durationMs'> {
	readonly response: WebhookResponse;
}

const ACCEPTED: WebhookResponse = { kind: 'respond', status: 200, text: 'OK' };
const NOT_ACCEPTED: WebhookResponse = {
	kind: 'respond',
	status: 500,
	text: 'The event was not accepted',
};

/** Starts an execution, unless the event was accepted before. A pending duplicate shares the result. */
export async function acceptEvent(
	context: IWebhookFunctions,
	event: MindPeekerEvent,
	settings: Settings,
): Promise<DeliveryResult> {
	if (settings.deduplication === 'off') return await addToBatch(context, event, settings);

	const seenEvents = getSeenEvents(context);
	// Never `durable` with When Finished, because `readSettings` replaces it by `memory`.
	const timeoutMs = getPendingTimeoutMs(settings);
	const claim = seenEvents.claim(String(event.id), performance.now(), timeoutMs);
	if (claim.status === 'new') {
		const settle = (isAccepted: boolean) => claim.settle(isAccepted, performance.now());
		return await addToBatch(context, event, settings, settle);
	}
	return toResult('duplicate', claim.status === 'accepted' || (await claim.outcome));
}

/** The first delivery of a batch starts the execution. The others wait for its result. */
async function addToBatch(
	context: IWebhookFunctions,
	event: MindPeekerEvent,
	settings: Settings,
	settle: (isAccepted: boolean) => void = () => {},
): Promise<DeliveryResult> {
	// A test event has a batch size of 1. It must not join the open batch of published deliveries.
	const batcher = settings.batchSize > 1 ? getBatcher(context) : new Batcher();
	const { isAccepted, first } = batcher.add(event, settings);
	trackAcceptance(event, isAccepted);
	if (!first) {
		const hasSucceeded = await isAccepted;
		settle(hasSucceeded);
		return toResult('accepted', hasSucceeded);
	}
	const onResponded = (hasSucceeded: boolean) => {
		first.resolveBatch(hasSucceeded);
		settle(hasSucceeded);
	};
	return {
		outcome: 'accepted',
		response: { kind: 'start', events: await first.events, onResponded },
	};
}

/** The result of a delivery whose event is in the execution of another delivery. */
function toResult(outcome: 'accepted' | 'duplicate', isAccepted: boolean): DeliveryResult {
	return isAccepted
		? { outcome, response: ACCEPTED }
		: { outcome: 'not accepted', response: NOT_ACCEPTED };
}
