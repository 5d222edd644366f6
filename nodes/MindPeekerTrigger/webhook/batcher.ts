import { sleep } from 'n8n-workflow';

import type { MindPeekerEvent } from '../../shared/events/event';
import { memoizePerNode } from '../nodeContext';
import { MAX_BATCH_WAIT_MS, type Settings } from '../settings';

/** One event in a batch. */
export interface BatchEntry {
	/** Whether n8n accepted the batch. */
	readonly isAccepted: Promise<boolean>;
	/** Set for the first event, whose delivery starts the execution. */
	readonly first?: {
		/** All events in order of arrival. Resolves when the batch is closed. */
		readonly events: Promise<readonly MindPeekerEvent[]>;
		/** Must be called when n8n has accepted or rejected the batch. */
		readonly resolveBatch: (isAccepted: boolean) => void;
	};
}

interface Batch {
	readonly events: MindPeekerEvent[];
	readonly closed: Promise<void>;
	readonly close: () => void;
	readonly isAccepted: Promise<boolean>;
	readonly resolveBatch: (isAccepted: boolean) => void;
}

/**
 * Collects events for one execution. A batch is closed when it is full or its window has passed. With a window of 0, it
 * is closed as soon as n8n has stored the previous batch: an event that arrives alone does not wait, and events that
 * arrive meanwhile share the next execution.
 */
export class Batcher {
	private open?: Batch;
	/** The batch that was closed last. `closedAt` is a time of `performance.now()`. */
	private previous?: Pick<Batch, 'isAccepted'> & { readonly closedAt: number };

	/** Adds the event to the open batch, or starts one. */
	add(
		event: MindPeekerEvent,
		{ batchSize, batchWindow }: Pick<Settings, 'batchSize' | 'batchWindow'>,
	): BatchEntry {
		const joined = this.open;
		const batch = joined ?? this.startBatch();
		const { events, closed, isAccepted, resolveBatch } = batch;
		events.push(event);
		if (events.length >= batchSize) batch.close();
		else if (!joined && batchWindow > 0) void sleep(batchWindow).then(batch.close);
		else if (!joined) this.closeAfterPrevious(batch);
		if (joined) return { isAccepted };
		return { isAccepted, first: { events: closed.then(() => events), resolveBatch } };
	}

	/** n8n may never respond, so that the previous batch delays the next one by a limited time. */
	private closeAfterPrevious(batch: Batch): void {
		if (!this.previous) return batch.close();
		const { isAccepted, closedAt } = this.previous;
		void isAccepted.then(batch.close);
		void sleep(closedAt + MAX_BATCH_WAIT_MS - performance.now()).then(batch.close);
	}

	private startBatch(): Batch {
		const { promise: closed, resolve: resolveClosed } = createDeferred<void>();
		const { promise: isAccepted, resolve: resolveBatch } = createDeferred<boolean>();
		const close = () => {
			if (this.open !== batch) return;
			this.open = undefined;
			this.previous = { isAccepted, closedAt: performance.now() };
			resolveClosed();
		};
		const batch: Batch = { events: [], closed, close, isAccepted, resolveBatch };
		this.open = batch;
		return batch;
	}
}

/** The batcher of a node, which its deliveries share. */
export const getBatcher = memoizePerNode(() => new Batcher());

function createDeferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
	let resolve: (value: T) => void = () => {};
	const promise = new Promise<T>((settled) => (resolve = settled));
	return { promise, resolve };
}
