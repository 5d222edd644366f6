import { sleep } from 'n8n-workflow';

import type { MindPeekerEvent } from '../../shared/event';
import { perNode } from '../perNode';

/** How many events one execution may have at most. */
export const MAX_BATCH_SIZE = 1_000;
/** How long an answer may wait for further events, in milliseconds: well below MindPeeker's 5 s. */
export const MAX_BATCH_WINDOW_MS = 3_000;

/** The place of an event among those that go into one execution. */
export interface Seat {
	/** Whether n8n took them. */
	readonly outcome: Promise<boolean>;
	/** The first to come starts the execution for all. */
	readonly carrier?: {
		/** All of them, in the order of their arrival, once no more are waited for. */
		readonly events: Promise<readonly MindPeekerEvent[]>;
		/** Says what became of them. */
		readonly settle: (taken: boolean) => void;
	};
}

export interface BatchLimits {
	readonly batchSize: number;
	/** In milliseconds. */
	readonly batchWindow: number;
}

interface Batch {
	readonly events: MindPeekerEvent[];
	readonly outcome: Promise<boolean>;
	/** Ends the waiting for further events. */
	readonly close: () => void;
}

/** Gathers events that arrive at about the same time into one execution. */
export class Batches {
	private open?: Batch;

	/** Seats an event in the batch that waits for more, or in a new one. */
	board(event: MindPeekerEvent, { batchSize, batchWindow }: BatchLimits): Seat {
		const windowMs = batchSize > 1 ? batchWindow : 0;
		const seat = this.open ? join(this.open, event) : this.openWith(event, windowMs);
		if (this.open && this.open.events.length >= batchSize) this.open.close();
		return seat;
	}

	private openWith(event: MindPeekerEvent, windowMs: number): Seat {
		const events = [event];
		const { promise: closed, resolve: close } = deferred<void>();
		const { promise: outcome, resolve: settle } = deferred<boolean>();
		const batch: Batch = { events, outcome, close: () => this.close(batch, close) };
		this.open = batch;
		if (windowMs > 0) void sleep(windowMs).then(batch.close);
		else batch.close();
		return { outcome, carrier: { events: closed.then(() => events), settle } };
	}

	private close(batch: Batch, tell: () => void): void {
		if (this.open === batch) this.open = undefined;
		tell();
	}
}

function join({ events, outcome }: Batch, event: MindPeekerEvent): Seat {
	events.push(event);
	return { outcome };
}

/** The batches of a node in its workflow. */
export const batchesOf = perNode(() => new Batches());

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
	let resolve: (value: T) => void = () => {};
	const promise = new Promise<T>((settled) => (resolve = settled));
	return { promise, resolve };
}
