import type { EventBus } from '../runtime/eventBus.mts';
import type { SeededRandom } from '../runtime/seededRandom.mts';
import {
	assertValidFault,
	getMaxInjections,
	type ApiFault,
	type DeliveryFault,
	type Fault,
} from './fault.mts';

export interface ActiveFault {
	id: string;
	fault: Fault;
	timesInjected: number;
}

/** Identifies an attempt. With the same seed it is the same in each run. */
export interface AttemptKey {
	eventId: string;
	eventType: string;
	webhookId: string;
	number: number;
}

/** The combined faults of one attempt. Times are real milliseconds. */
export interface AttemptFaults {
	delayMs: number;
	/** The delay of each duplicate after the attempt. */
	duplicateDelaysMs: number[];
	loss?: Exclude<DeliveryFault, { kind: 'duplicate' | 'reorder' }>;
}

/** Selects faults for requests and attempts. One attempt can have several, but only one loss. */
export class FaultInjector {
	private readonly active = new Map<string, ActiveFault>();
	private requestCount = 0;

	constructor(
		private readonly random: SeededRandom,
		private readonly eventBus: EventBus,
	) {}

	/**
	 * @returns the id for `clear`
	 * @throws {TypeError} for an invalid fault
	 */
	add(fault: Fault): string {
		assertValidFault(fault);
		const id = this.random.id('flt');
		this.active.set(id, { id, fault, timesInjected: 0 });
		this.eventBus.emit('faultsChanged');
		return id;
	}

	list(): ActiveFault[] {
		return [...this.active.values()].map((entry) => ({ ...entry }));
	}

	/** Removes one fault, or all. Returns false if there was none. */
	clear(id?: string): boolean {
		const before = this.active.size;
		if (id === undefined) this.active.clear();
		else this.active.delete(id);
		const isChanged = this.active.size < before;
		if (isChanged) this.eventBus.emit('faultsChanged');
		return isChanged;
	}

	selectRequestFault(method: string, path: string): ApiFault | undefined {
		const request = ++this.requestCount;
		for (const entry of this.active.values()) {
			const { fault } = entry;
			if (fault.on !== 'api' || !matchesRequest(fault, method, path)) continue;
			if (this.shouldInject(entry, 'request', request)) return fault;
		}
		return undefined;
	}

	selectAttemptFaults(attempt: AttemptKey): AttemptFaults {
		const selected: AttemptFaults = { delayMs: 0, duplicateDelaysMs: [] };
		for (const entry of this.active.values()) {
			const { fault } = entry;
			if (fault.on !== 'delivery' || !matchesAttempt(fault, attempt)) continue;
			if (isLoss(fault) && selected.loss) continue;
			const keys = [entry.id, attempt.eventId, attempt.webhookId, attempt.number];
			if (!this.shouldInject(entry, ...keys)) continue;
			if (isLoss(fault)) {
				selected.loss = fault;
			} else if (fault.kind === 'reorder') {
				selected.delayMs += fault.withinMs * this.random.fraction('delay', ...keys);
			} else {
				const { copies = 1, withinMs = 0 } = fault;
				for (let copy = 1; copy <= copies; copy++) {
					const delayMs = withinMs * this.random.fraction('duplicate', copy, ...keys);
					selected.duplicateDelaysMs.push(delayMs);
				}
			}
		}
		return selected;
	}

	/** Counts the injection if it returns true. */
	private shouldInject(entry: ActiveFault, ...keys: Array<string | number>): boolean {
		const { probability = 1 } = entry.fault;
		if (entry.timesInjected >= getMaxInjections(entry.fault)) return false;
		if (this.random.fraction('inject', ...keys) >= probability) return false;
		entry.timesInjected++;
		this.eventBus.emit('faultsChanged');
		return true;
	}
}

function matchesRequest(fault: ApiFault, method: string, path: string): boolean {
	if (fault.method !== undefined && fault.method.toUpperCase() !== method) return false;
	if (fault.path === undefined) return true;
	const pattern = fault.path.split('/');
	const parts = path.split('/');
	return (
		pattern.length === parts.length &&
		pattern.every((part, i) => part === parts[i] || /^\{.+\}$/.test(part))
	);
}

function matchesAttempt(fault: DeliveryFault, attempt: AttemptKey): boolean {
	return (
		(fault.eventType === undefined || fault.eventType === attempt.eventType) &&
		(fault.webhookId === undefined || fault.webhookId === attempt.webhookId) &&
		attempt.number <= (fault.upToAttempt ?? Infinity)
	);
}

function isLoss(fault: DeliveryFault): fault is NonNullable<AttemptFaults['loss']> {
	return fault.kind !== 'reorder' && fault.kind !== 'duplicate';
}
