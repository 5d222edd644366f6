// Implements the setting `memory` of Deduplication, and the part of `durable` that needs no database.
import { PENDING_TIMEOUT_MS, RETRY_WINDOW_MS } from '../../shared/retrySchedule';
import { createNodeLogger, memoizePerNode } from '../nodeContext';
import type { Settings } from '../settings';

/** Whether the event of a delivery is new, is being accepted at this moment, or was accepted before. */
export type Claim =
	/** The caller starts an execution and reports with `settle` whether n8n accepted the event. */
	| { readonly status: 'new'; readonly settle: (isAccepted: boolean, now: number) => void }
	/** Another delivery of the event waits for n8n. The outcome is whether n8n accepted that one. */
	| { readonly status: 'pending'; readonly outcome: Promise<boolean> }
	/** n8n accepted an earlier delivery: this one is a duplicate. */
	| { readonly status: 'accepted' };

export interface SeenEventsLimits {
	/** Maximum number of events, at least 2. The latest half of them is always remembered. */
	readonly capacity: number;
	/** Minimum time an event is remembered, in milliseconds, unless the capacity is reached. */
	readonly keepMs: number;
}

/** A delivery that n8n has not accepted or rejected yet. */
class PendingDelivery {
	/** Index in the list of pending deliveries. */
	index = 0;
	isSettled = false;
	private waiters?: Array<(isAccepted: boolean) => void>;

	constructor(
		readonly id: string,
		private readonly startedAt: number,
		private readonly timeoutMs: number,
	) {}

	isTimedOut(now: number): boolean {
		return now - this.startedAt >= this.timeoutMs;
	}

	/** Allocates only if a second delivery arrives, which is rare. */
	async waitForOutcome(): Promise<boolean> {
		return await new Promise((resolve) => (this.waiters ??= []).push(resolve));
	}

	settle(isAccepted: boolean): void {
		this.isSettled = true;
		this.waiters?.forEach((resolve) => resolve(isAccepted));
	}
}

const ACCEPTED = 'accepted';
type Generation = Map<string, PendingDelivery | typeof ACCEPTED>;

/**
 * Remembers in memory which events n8n has accepted. An event that n8n did not accept is forgotten, so that
 * its retry counts as new. Duplicates across restarts and processes are found by `databaseDeduplication.ts`.
 */
export class SeenEvents {
	// Two generations instead of a timestamp per event: the previous one is dropped as a whole.
	private current: Generation = new Map();
	private previous: Generation = new Map();
	private currentSince = -Infinity;
	// An array, because a Map with frequent insertions and deletions is slow.
	private readonly pending: PendingDelivery[] = [];

	/** `onOverflow` is called when events are dropped early because the capacity is reached. */
	constructor(
		private readonly limits: SeenEventsLimits,
		private readonly onOverflow: () => void = () => {},
	) {}

	/**
	 * Every delivery claims its event. Only one of them gets `new`.
	 *
	 * @param now monotonic time in milliseconds
	 * @param timeoutMs after this time, a delivery that is still pending counts as not accepted
	 */
	claim(id: string, now: number, timeoutMs: number): Claim {
		this.rotateIfDue(now);
		const known = this.current.get(id) ?? this.previous.get(id);
		if (known === ACCEPTED) return { status: 'accepted' };
		if (known?.isTimedOut(now)) this.settle(known, false, now);
		else if (known) return { status: 'pending', outcome: known.waitForOutcome() };

		const delivery = new PendingDelivery(id, now, timeoutMs);
		delivery.index = this.pending.push(delivery) - 1;
		this.current.set(id, delivery);
		return {
			status: 'new',
			settle: (isAccepted, settledAt) => this.settle(delivery, isAccepted, settledAt),
		};
	}

	/** Number of remembered events, including pending ones. */
	get size(): number {
		return this.current.size + this.previous.size;
	}

	private settle(delivery: PendingDelivery, isAccepted: boolean, now: number): void {
		if (delivery.isSettled) return;
		this.removePending(delivery);
		if (isAccepted) {
			this.rotateIfDue(now);
			this.current.set(delivery.id, ACCEPTED);
		} else {
			this.current.delete(delivery.id);
			this.previous.delete(delivery.id);
		}
		delivery.settle(isAccepted);
	}

	private removePending({ index }: PendingDelivery): void {
		const last = this.pending.pop();
		if (!last || last.index === index) return;
		last.index = index;
		this.pending[index] = last;
	}

	private rotateIfDue(now: number): void {
		const isExpired = now - this.currentSince >= this.limits.keepMs;
		const isFull = this.current.size >= Math.floor(this.limits.capacity / 2);
		if (!isExpired && !isFull) return;
		if (!isExpired && this.previous.size > 0) this.onOverflow();
		this.rotate(now);
	}

	private rotate(now: number): void {
		this.previous = this.current;
		this.current = new Map();
		this.currentSince = now;
		for (const delivery of [...this.pending]) this.carryOver(delivery, now);
	}

	private carryOver(delivery: PendingDelivery, now: number): void {
		if (delivery.isTimedOut(now)) return this.settle(delivery, false, now);
		// Only deliveries of the dropped generation must move to the current one.
		const isRemembered = this.previous.get(delivery.id) === delivery;
		if (!isRemembered) this.current.set(delivery.id, delivery);
	}
}

const LIMITS: SeenEventsLimits = { capacity: 200_000, keepMs: RETRY_WINDOW_MS };

/** The events that this process has seen for the node of a workflow. */
export const getSeenEvents = memoizePerNode((context) => {
	const log = createNodeLogger(context);
	return new SeenEvents(LIMITS, () => {
		log(
			'warn',
			`received more than ${LIMITS.capacity / 2} events within MindPeeker's retry window. Duplicates of the oldest events are no longer recognized.`,
		);
	});
});

/**
 * n8n never responds if it deleted the waiting execution. A delivery still pending after this time counts as not
 * accepted, so that a late retry starts an execution. If both then run, only Durable can drop one. Without Durable, a
 * pending delivery therefore keeps its event for the whole retry window.
 */
export function getPendingTimeoutMs({ deduplication }: Settings): number {
	return deduplication === 'durable' ? PENDING_TIMEOUT_MS : LIMITS.keepMs;
}
