import type { EventBus } from '../runtime/eventBus.mts';
import type { Attempt, Delivery, DeliveryFilter, DeliveryState } from './delivery.mts';

const CAPACITY = 100_000;
const DEFAULT_TIMEOUT_MS = 10_000;
const FINAL_STATES = ['delivered', 'failed', 'canceled'] as const;

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Entry = Writable<Omit<Delivery, 'attempts'>> & { attempts: Attempt[] };

/** The id of an event, or a predicate. */
export type DeliveryMatcher = string | ((delivery: Delivery) => boolean);

/** All deliveries with their attempts, oldest first. When it is full, it drops the oldest. */
export class DeliveryLog {
	private readonly entries = new Map<string, Entry>();

	constructor(private readonly eventBus: EventBus) {}

	add(delivery: Omit<Delivery, 'state' | 'endedAt' | 'nextAttemptAt' | 'attempts'>): void {
		const initial = { state: 'pending', endedAt: null, nextAttemptAt: null, attempts: [] } as const;
		this.entries.set(delivery.id, { ...delivery, ...initial, attempts: [] });
		if (this.entries.size > CAPACITY) this.entries.delete(this.entries.keys().next().value ?? '');
	}

	setNextAttempt(id: string, nextAttemptAt: string): void {
		const entry = this.entries.get(id);
		if (!entry) return;
		entry.nextAttemptAt = nextAttemptAt;
		this.eventBus.emit('scheduled', copyEntry(entry));
	}

	addAttempt(id: string, attempt: Attempt): void {
		const entry = this.entries.get(id);
		if (!entry) return;
		if (attempt.copy === 0) entry.nextAttemptAt = null;
		entry.attempts.push(attempt);
		this.eventBus.emit('attempt', attempt, copyEntry(entry));
	}

	/** Returns the final delivery, or undefined if the log has dropped it. */
	end(id: string, state: Exclude<DeliveryState, 'pending'>): Delivery | undefined {
		const entry = this.entries.get(id);
		if (!entry) return undefined;
		Object.assign(entry, { state, endedAt: new Date().toISOString(), nextAttemptAt: null });
		const delivery = copyEntry(entry);
		this.eventBus.emit(state, delivery);
		return delivery;
	}

	find(filter: DeliveryFilter = {}): Delivery[] {
		const conditions = Object.entries(filter).filter(([, value]) => value !== undefined);
		return [...this.entries.values()]
			.filter((entry) => conditions.every(([key, value]) => entry[key as keyof Entry] === value))
			.map(copyEntry);
	}

	/** Resolves with the first matching delivery that is no longer pending. Rejects after the timeout. */
	async waitFor(matcher: DeliveryMatcher, timeoutMs = DEFAULT_TIMEOUT_MS): Promise<Delivery> {
		const matches = typeof matcher === 'string' ? (d: Delivery) => d.eventId === matcher : matcher;
		const ended = this.find().find((delivery) => delivery.state !== 'pending' && matches(delivery));
		if (ended) return ended;
		return await new Promise((resolve, reject) => {
			const stop = () => {
				clearTimeout(timer);
				for (const state of FINAL_STATES) this.eventBus.off(state, check);
			};
			const check = (delivery: Delivery) => {
				if (!matches(delivery)) return;
				stop();
				resolve(delivery);
			};
			const timer = setTimeout(() => {
				stop();
				const message = `No matching delivery ended within ${timeoutMs} ms.`;
				reject(new Error(`${message} ${this.describeLatest()}`));
			}, timeoutMs);
			for (const state of FINAL_STATES) this.eventBus.on(state, check);
		});
	}

	private describeLatest(): string {
		const latest = [...this.entries.values()].slice(-5);
		const lines = latest.map(
			({ eventId, eventType, state, attempts }) =>
				`${eventType} ${eventId}: ${state}, attempts: ${attempts.length}`,
		);
		return `Latest deliveries: ${lines.join('; ') || 'none'}`;
	}
}

function copyEntry(entry: Entry): Delivery {
	return { ...entry, attempts: [...entry.attempts] };
}
