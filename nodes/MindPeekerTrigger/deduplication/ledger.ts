/** What became of the first delivery of an event: n8n took it, or it did not. */
export type Taken = boolean;

export type Entry =
	/** Nobody has brought this event yet: whoever did says later what became of it. */
	| { readonly kind: 'first'; readonly settle: (taken: Taken, now: number) => void }
	/** It is being brought at this moment. */
	| { readonly kind: 'in flight'; readonly outcome: Promise<Taken> }
	/** n8n has it. */
	| { readonly kind: 'taken' };

export interface LedgerLimits {
	/** How many events are remembered at most. */
	readonly capacity: number;
	/** How long each is remembered at least, in milliseconds, unless there is no room. */
	readonly keepMs: number;
}

/**
 * Remembers which events n8n has taken. What counts are outcomes and not arrivals: a delivery that n8n did not
 * take is forgotten, so that the next one is the first again.
 */
export class Ledger {
	private readonly inFlight = new Map<string, Promise<Taken>>();
	// Two generations instead of an age for each: the older one is dropped as a whole.
	private young = new Set<string>();
	private old = new Set<string>();
	private youngSince = -Infinity;

	/** `onOverflow` is called when events leave before their time, because there is no more room. */
	constructor(
		private readonly limits: LedgerLimits,
		private readonly onOverflow: () => void = () => {},
	) {}

	/** Times are in milliseconds, from any start, and never go back. */
	enter(id: string, now: number): Entry {
		this.makeRoom(now);
		if (this.young.has(id) || this.old.has(id)) return { kind: 'taken' };
		const outcome = this.inFlight.get(id);
		if (outcome) return { kind: 'in flight', outcome };

		let resolve: (taken: Taken) => void = () => {};
		this.inFlight.set(id, new Promise((settled) => (resolve = settled)));
		return {
			kind: 'first',
			settle: (taken, then) => {
				if (!this.inFlight.delete(id)) return;
				if (taken) this.remember(id, then);
				resolve(taken);
			},
		};
	}

	/** How many events are remembered. */
	get size(): number {
		return this.young.size + this.old.size;
	}

	private remember(id: string, now: number): void {
		this.makeRoom(now);
		this.young.add(id);
	}

	private makeRoom(now: number): void {
		const isOfAge = now - this.youngSince >= this.limits.keepMs;
		const isFull = this.young.size >= Math.ceil(this.limits.capacity / 2);
		if (!isOfAge && !isFull) return;
		if (!isOfAge && this.old.size > 0) this.onOverflow();
		this.old = this.young;
		this.young = new Set();
		this.youngSince = now;
	}
}
