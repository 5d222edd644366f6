import { sleep, type IWebhookFunctions } from 'n8n-workflow';

import type { MindPeekerEvent } from '../../shared/events/event';
import { trackResponse } from '../deduplication/databaseDeduplication';
import { getSeenEvents, pendingTimeoutMs } from '../deduplication/seenEvents';
import type { DeliveryRecord } from '../logging/deliveryLogger';
import { memoizePerNode } from '../memoizePerNode';
import type { Settings } from '../settings';

export type WebhookResponse =
	/** Sent by the trigger. No execution starts. */
	| { readonly status: number; readonly text: string }
	/** Sent by n8n, after it has stored an execution with these events. */
	| {
			readonly events: readonly MindPeekerEvent[];
			/** Must be called when n8n has responded. */
			readonly settle: (isAccepted: boolean) => void;
	  };

/** How to respond to a delivery, and what to log about it. */
export interface DeliveryResult extends Omit<DeliveryRecord, 'status' | 'durationMs'> {
	readonly response: WebhookResponse;
}

const ACCEPTED: WebhookResponse = { status: 200, text: 'OK' };
const NOT_ACCEPTED: WebhookResponse = { status: 500, text: 'The event was not accepted' };

/** Starts an execution, unless the event was accepted before. A pending duplicate shares the result. */
export async function acceptEvent(
	context: IWebhookFunctions,
	event: MindPeekerEvent,
	settings: Settings,
): Promise<DeliveryResult> {
	if (settings.deduplication === 'off') return await addToBatch(context, event, settings);

	const seenEvents = getSeenEvents(context);
	const timeoutMs = pendingTimeoutMs(settings);
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
	const batcher = settings.batchSize > 1 ? getBatcher(context) : new Batcher();
	const { isAccepted, leader } = batcher.add(event, settings);
	trackResponse(event, isAccepted);
	if (!leader) {
		const hasSucceeded = await isAccepted;
		settle(hasSucceeded);
		return toResult('accepted', hasSucceeded);
	}
	const settleAll = (hasSucceeded: boolean) => {
		leader.settle(hasSucceeded);
		settle(hasSucceeded);
	};
	return {
		outcome: 'accepted',
		response: { events: await leader.events, settle: settleAll },
	};
}

/** The result of a delivery whose event is in the execution of another delivery. */
function toResult(outcome: 'accepted' | 'duplicate', isAccepted: boolean): DeliveryResult {
	return isAccepted
		? { outcome, response: ACCEPTED }
		: { outcome: 'not accepted', response: NOT_ACCEPTED };
}

/** One event in a batch. */
export interface BatchEntry {
	/** Whether n8n accepted the batch. */
	readonly isAccepted: Promise<boolean>;
	/** Set for the first event, whose delivery starts the execution. */
	readonly leader?: {
		/** All events in order of arrival. Resolves when the batch is closed. */
		readonly events: Promise<readonly MindPeekerEvent[]>;
		readonly settle: (isAccepted: boolean) => void;
	};
}

interface Batch {
	readonly events: MindPeekerEvent[];
	readonly isAccepted: Promise<boolean>;
	readonly close: () => void;
}

/** Collects events that arrive at about the same time. */
export class Batcher {
	private open?: Batch;

	add(
		event: MindPeekerEvent,
		{ batchSize, batchWindow }: Pick<Settings, 'batchSize' | 'batchWindow'>,
	): BatchEntry {
		const windowMs = batchSize > 1 ? batchWindow : 0;
		const entry = this.open ? joinBatch(this.open, event) : this.startBatch(event, windowMs);
		if (this.open && this.open.events.length >= batchSize) this.open.close();
		return entry;
	}

	private startBatch(event: MindPeekerEvent, windowMs: number): BatchEntry {
		const events = [event];
		const { promise: closed, resolve } = createDeferred<void>();
		const { promise: isAccepted, resolve: settle } = createDeferred<boolean>();
		const batch: Batch = { events, isAccepted, close: () => this.close(batch, resolve) };
		this.open = batch;
		if (windowMs > 0) void sleep(windowMs).then(batch.close);
		else batch.close();
		return { isAccepted, leader: { events: closed.then(() => events), settle } };
	}

	private close(batch: Batch, resolve: () => void): void {
		if (this.open === batch) this.open = undefined;
		resolve();
	}
}

function joinBatch({ events, isAccepted }: Batch, event: MindPeekerEvent): BatchEntry {
	events.push(event);
	return { isAccepted };
}

const getBatcher = memoizePerNode(() => new Batcher());

function createDeferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
	let resolve: (value: T) => void = () => {};
	const promise = new Promise<T>((settled) => (resolve = settled));
	return { promise, resolve };
}
