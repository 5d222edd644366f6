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

interface Flight {
	readonly outcome: Promise<Taken>;
	readonly resolve: (taken: Taken) => void;
	readonly since: number;
}

/**
 * Remembers which events n8n has taken. What counts are outcomes and not arrivals: a delivery that n8n did not
 * take is forgotten, so that the next one is the first again.
 */
export class Ledger {
	private readonly inFlight = new Map<string, Flight>();
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
		const current = this.inFlight.get(id);
		if (current) return { kind: 'in flight', outcome: current.outcome };

		const flight = takeOff(now);
		this.inFlight.set(id, flight);
		return { kind: 'first', settle: (taken, then) => this.settle(id, flight, taken, then) };
	}

	/** How many events are remembered. */
	get size(): number {
		return this.young.size + this.old.size;
	}

	private settle(id: string, flight: Flight, taken: Taken, now: number): void {
		if (this.inFlight.get(id) !== flight) return;
		this.inFlight.delete(id);
		if (taken) {
			this.makeRoom(now);
			this.young.add(id);
		}
		flight.resolve(taken);
	}

	private makeRoom(now: number): void {
		const isOfAge = now - this.youngSince >= this.limits.keepMs;
		const isFull = this.young.size >= Math.ceil(this.limits.capacity / 2);
		if (!isOfAge && !isFull) return;
		if (!isOfAge && this.old.size > 0) this.onOverflow();
		this.old = this.young;
		this.young = new Set();
		this.youngSince = now;
		this.giveUpOnThoseOfAge(now);
	}

	/** An outcome that has not come by then comes too late for any retry. */
	private giveUpOnThoseOfAge(now: number): void {
		for (const [id, flight] of this.inFlight) {
			if (now - flight.since >= this.limits.keepMs) this.settle(id, flight, false, now);
		}
	}
}

function takeOff(since: number): Flight {
	let resolve: (taken: Taken) => void = () => {};
	const outcome = new Promise<Taken>((settled) => (resolve = settled));
	return { outcome, resolve, since };
}
