import { sleep } from 'n8n-workflow';

import type { MindPeekerEvent } from '../../shared/events/event';
import { memoizePerNode } from '../memoizePerNode';
import type { Settings } from '../settings';

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

/** Collects events that arrive at about the same time. */
export class Batcher {
	private open?: Batch;

	/** Adds the event to the open batch, or starts one. A batch is closed when it is full or its window has passed. */
	add(
		event: MindPeekerEvent,
		{ batchSize, batchWindow }: Pick<Settings, 'batchSize' | 'batchWindow'>,
	): BatchEntry {
		const joined = this.open;
		const batch = joined ?? this.startBatch();
		const { events, closed, isAccepted, resolveBatch } = batch;
		events.push(event);
		if (events.length >= batchSize || batchWindow === 0) batch.close();
		else if (!joined) void sleep(batchWindow).then(batch.close);
		if (joined) return { isAccepted };
		return { isAccepted, first: { events: closed.then(() => events), resolveBatch } };
	}

	private startBatch(): Batch {
		const { promise: closed, resolve: resolveClosed } = createDeferred<void>();
		const { promise: isAccepted, resolve: resolveBatch } = createDeferred<boolean>();
		const close = () => {
			if (this.open === batch) this.open = undefined;
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
