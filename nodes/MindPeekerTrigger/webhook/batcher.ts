import { sleep } from 'n8n-workflow';

import type { MindPeekerEvent } from '../../shared/events/event';
import { memoizePerNode } from '../memoizePerNode';
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
	/** When the batch was closed, as a time of `performance.now()`. */
	closedAt?: number;
	readonly events: MindPeekerEvent[];
	readonly closed: Promise<void>;
	readonly close: () => void;
	readonly isAccepted: Promise<boolean>;
	readonly resolveBatch: (isAccepted: boolean) => void;
}

/**
 * Collects events for one execution. A batch is closed when it is full or its window has passed. With a window of 0, it
 * is closed as soon as n8n has stored the previous batch, like a group commit of a database: an event that arrives alone
 * does not wait, and the more arrive, the more share an execution.
 */
export class Batcher {
	private open?: Batch;
	/** The latest batch that n8n has not accepted or rejected yet. */
	private storing?: Batch;

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
		const { storing: previous } = this;
		const waitedMs = performance.now() - (previous?.closedAt ?? -Infinity);
		if (!previous || waitedMs >= MAX_BATCH_WAIT_MS) return batch.close();
		void previous.isAccepted.then(batch.close);
		void sleep(MAX_BATCH_WAIT_MS - waitedMs).then(batch.close);
	}

	private startBatch(): Batch {
		const { promise: closed, resolve: resolveClosed } = createDeferred<void>();
		const { promise: isAccepted, resolve: resolveAccepted } = createDeferred<boolean>();
		const close = () => {
			if (this.open !== batch) return;
			this.open = undefined;
			this.storing = batch;
			batch.closedAt = performance.now();
			resolveClosed();
		};
		const resolveBatch = (hasSucceeded: boolean) => {
			if (this.storing === batch) this.storing = undefined;
			resolveAccepted(hasSucceeded);
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
