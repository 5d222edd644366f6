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
	/** How many events are remembered at most, two or more; the last half of them at least. */
	readonly capacity: number;
	/** How long each is remembered at least, in milliseconds, unless there is no room. */
	readonly keepMs: number;
}

/** An event on its way into n8n. */
class Flight {
	/** Its place among those under way. */
	index = 0;
	isOver = false;
	private waiting?: Array<(taken: Taken) => void>;

	constructor(
		readonly id: string,
		readonly since: number,
		private readonly patienceMs: number,
	) {}

	/** An outcome that has not come by now is not waited for any longer. */
	isTooLate(now: number): boolean {
		return now - this.since >= this.patienceMs;
	}

	/** Made only where a copy comes meanwhile, which is rare. */
	async outcome(): Promise<Taken> {
		return await new Promise((resolve) => (this.waiting ??= []).push(resolve));
	}

	land(taken: Taken): void {
		this.isOver = true;
		this.waiting?.forEach((resolve) => resolve(taken));
	}
}

const TAKEN = 'taken';
type Generation = Map<string, Flight | typeof TAKEN>;

/**
 * Remembers which events n8n has taken. What counts are outcomes and not arrivals: a delivery that n8n did not
 * take is forgotten, so that the next one is the first again.
 */
export class Ledger {
	// Two generations instead of an age for each: the older one is dropped as a whole.
	private young: Generation = new Map();
	private old: Generation = new Map();
	private youngSince = -Infinity;
	// A list beside them, since a map whose entries come and go is slow.
	private readonly underWay: Flight[] = [];

	/** `onOverflow` is called when events leave before their time, because there is no more room. */
	constructor(
		private readonly limits: LedgerLimits,
		private readonly onOverflow: () => void = () => {},
	) {}

	/**
	 * Times are in milliseconds, from any start, and never go back.
	 *
	 * @param patienceMs after how long this delivery counts as not taken where its outcome does not come
	 */
	enter(id: string, now: number, patienceMs: number = this.limits.keepMs): Entry {
		this.makeRoom(now);
		const known = this.young.get(id) ?? this.old.get(id);
		if (known === TAKEN) return { kind: 'taken' };
		if (known?.isTooLate(now)) this.settle(known, false, now);
		else if (known) return { kind: 'in flight', outcome: known.outcome() };

		const flight = new Flight(id, now, patienceMs);
		flight.index = this.underWay.push(flight) - 1;
		this.young.set(id, flight);
		return { kind: 'first', settle: (taken, then) => this.settle(flight, taken, then) };
	}

	/** How many events are remembered, those under way among them. */
	get size(): number {
		return this.young.size + this.old.size;
	}

	private settle(flight: Flight, taken: Taken, now: number): void {
		if (flight.isOver) return;
		this.takeOffTheList(flight);
		if (taken) {
			this.makeRoom(now);
			this.young.set(flight.id, TAKEN);
		} else {
			this.young.delete(flight.id);
			this.old.delete(flight.id);
		}
		flight.land(taken);
	}

	private takeOffTheList({ index }: Flight): void {
		const last = this.underWay.pop();
		if (!last || last.index === index) return;
		last.index = index;
		this.underWay[index] = last;
	}

	private makeRoom(now: number): void {
		const isOfAge = now - this.youngSince >= this.limits.keepMs;
		const isFull = this.young.size >= Math.floor(this.limits.capacity / 2);
		if (!isOfAge && !isFull) return;
		if (!isOfAge && this.old.size > 0) this.onOverflow();
		this.old = this.young;
		this.young = new Map();
		this.youngSince = now;
		for (const flight of [...this.underWay]) this.carryOver(flight, now);
	}

	private carryOver(flight: Flight, now: number): void {
		if (flight.isTooLate(now)) return this.settle(flight, false, now);
		if (this.old.get(flight.id) !== flight) this.young.set(flight.id, flight);
	}
}
