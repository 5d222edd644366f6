import type { Live } from '../live.mts';
import type { Seeded } from '../seeded.mts';
import { assertFault, timesOf, type ApiFault, type DeliveryFault, type Fault } from './fault.mts';

/** A fault that was asked for, and how often it has struck. */
export interface RequestedFault {
	id: string;
	fault: Fault;
	struck: number;
}

/** What identifies an attempt, the same in every run with the same seed. */
export interface AttemptKey {
	eventId: string;
	eventType: string;
	webhookId: string;
	number: number;
}

/** What the faults do to one attempt, in real milliseconds. */
export interface AttemptFate {
	holdMs: number;
	/** One entry for each copy: how long after the attempt it is sent. */
	copiesAfterMs: number[];
	loss?: Exclude<DeliveryFault, { kind: 'duplicate' | 'reorder' }>;
}

/** The faults on request. Several may strike one attempt; of those that lose it the first does. */
export class Faults {
	private readonly requested = new Map<string, RequestedFault>();
	private calls = 0;

	constructor(
		private readonly seeded: Seeded,
		private readonly live: Live,
	) {}

	/**
	 * @returns the id to clear it by
	 * @throws {TypeError} where it is none
	 */
	add(fault: Fault): string {
		assertFault(fault);
		const id = this.seeded.id('flt');
		this.requested.set(id, { id, fault, struck: 0 });
		this.live.emit('faultsChanged');
		return id;
	}

	list(): RequestedFault[] {
		return [...this.requested.values()].map((entry) => ({ ...entry }));
	}

	/** Ends one fault, or all of them. Gives false where there was none. */
	clear(id?: string): boolean {
		const before = this.requested.size;
		if (id === undefined) this.requested.clear();
		else this.requested.delete(id);
		const hasCleared = this.requested.size < before;
		if (hasCleared) this.live.emit('faultsChanged');
		return hasCleared;
	}

	/** The fault that strikes this call of the management API, if any. */
	strikeCall(method: string, path: string): ApiFault | undefined {
		const call = ++this.calls;
		for (const entry of this.requested.values()) {
			const { fault } = entry;
			if (fault.on !== 'api' || !concernsCall(fault, method, path)) continue;
			if (this.strikes(entry, 'call', call)) return fault;
		}
		return undefined;
	}

	/** What becomes of this attempt. */
	strikeAttempt(key: AttemptKey): AttemptFate {
		const fate: AttemptFate = { holdMs: 0, copiesAfterMs: [] };
		for (const entry of this.requested.values()) {
			const { fault } = entry;
			if (fault.on !== 'delivery' || !concernsAttempt(fault, key)) continue;
			if (isLoss(fault) && fate.loss) continue;
			const draw = [entry.id, key.eventId, key.webhookId, key.number];
			if (!this.strikes(entry, ...draw)) continue;
			if (isLoss(fault)) {
				fate.loss = fault;
			} else if (fault.kind === 'reorder') {
				fate.holdMs += fault.withinMs * this.seeded.fraction('hold', ...draw);
			} else {
				const { copies = 1, withinMs = 0 } = fault;
				for (let copy = 1; copy <= copies; copy++) {
					fate.copiesAfterMs.push(withinMs * this.seeded.fraction('copy', copy, ...draw));
				}
			}
		}
		return fate;
	}

	private strikes(entry: RequestedFault, ...draw: Array<string | number>): boolean {
		const { probability = 1 } = entry.fault;
		if (entry.struck >= timesOf(entry.fault)) return false;
		if (this.seeded.fraction('strike', ...draw) >= probability) return false;
		entry.struck++;
		this.live.emit('faultsChanged');
		return true;
	}
}

function concernsCall(
	{ method, path }: ApiFault,
	calledMethod: string,
	calledPath: string,
): boolean {
	if (method !== undefined && method.toUpperCase() !== calledMethod) return false;
	if (path === undefined) return true;
	const wanted = path.split('/');
	const called = calledPath.split('/');
	return (
		wanted.length === called.length &&
		wanted.every((part, i) => part === called[i] || /^\{.+\}$/.test(part))
	);
}

function concernsAttempt(fault: DeliveryFault, key: AttemptKey): boolean {
	return (
		(fault.eventType === undefined || fault.eventType === key.eventType) &&
		(fault.webhookId === undefined || fault.webhookId === key.webhookId) &&
		key.number <= (fault.upToAttempt ?? Infinity)
	);
}

function isLoss(fault: DeliveryFault): fault is NonNullable<AttemptFate['loss']> {
	return fault.kind !== 'reorder' && fault.kind !== 'duplicate';
}
