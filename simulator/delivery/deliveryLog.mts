import { Live } from '../live.mts';
import type { Attempt, Delivery, DeliveryFilter, DeliveryState } from './delivery.mts';

const CAPACITY = 100_000;
const DEFAULT_TIMEOUT_MS = 10_000;

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Entry = Writable<Omit<Delivery, 'attempts'>> & { attempts: Attempt[] };

export type DeliveryMatch = string | ((delivery: Delivery) => boolean);

/** Every delivery with its attempts, in the order of their beginnings. The oldest leave when it is full. */
export class DeliveryLog {
	private readonly entries = new Map<string, Entry>();

	constructor(private readonly live: Live) {}

	add(delivery: Omit<Delivery, 'state' | 'endedAt' | 'nextAttemptAt' | 'attempts'>): void {
		const fresh = { state: 'pending', endedAt: null, nextAttemptAt: null, attempts: [] } as const;
		this.entries.set(delivery.id, { ...delivery, ...fresh, attempts: [] });
		if (this.entries.size > CAPACITY) this.entries.delete(this.entries.keys().next().value ?? '');
	}

	/** Notes when the next attempt is due. */
	plan(id: string, nextAttemptAt: string): void {
		const entry = this.entries.get(id);
		if (!entry) return;
		entry.nextAttemptAt = nextAttemptAt;
		this.live.emit('planned', snapshot(entry));
	}

	addAttempt(id: string, attempt: Attempt): void {
		const entry = this.entries.get(id);
		if (!entry) return;
		if (attempt.copy === 0) entry.nextAttemptAt = null;
		entry.attempts.push(attempt);
		this.live.emit('attempt', attempt, snapshot(entry));
	}

	/** Gives the delivery as it ended; undefined where it has left the log. */
	end(id: string, state: Exclude<DeliveryState, 'pending'>): Delivery | undefined {
		const entry = this.entries.get(id);
		if (!entry) return undefined;
		Object.assign(entry, { state, endedAt: new Date().toISOString(), nextAttemptAt: null });
		const ended = snapshot(entry);
		this.live.emit(state, ended);
		return ended;
	}

	find(filter: DeliveryFilter = {}): Delivery[] {
		const wanted = Object.entries(filter).filter(([, value]) => value !== undefined);
		return [...this.entries.values()]
			.filter((entry) => wanted.every(([key, value]) => entry[key as keyof Entry] === value))
			.map(snapshot);
	}

	/** Resolves with the first delivery that matches and has ended. Rejects when the time is up. */
	async waitFor(match: DeliveryMatch, timeoutMs = DEFAULT_TIMEOUT_MS): Promise<Delivery> {
		const matches = typeof match === 'string' ? (d: Delivery) => d.eventId === match : match;
		const ended = this.find().find((delivery) => delivery.state !== 'pending' && matches(delivery));
		if (ended) return ended;
		return await new Promise((resolve, reject) => {
			const settle = () => {
				clearTimeout(timer);
				for (const state of ['delivered', 'givenUp', 'cancelled'] as const) {
					this.live.off(state, check);
				}
			};
			const check = (delivery: Delivery) => {
				if (!matches(delivery)) return;
				settle();
				resolve(delivery);
			};
			const timer = setTimeout(() => {
				settle();
				reject(new Error(`No such delivery ended within ${timeoutMs} ms. ${this.describe()}`));
			}, timeoutMs);
			for (const state of ['delivered', 'givenUp', 'cancelled'] as const)
				this.live.on(state, check);
		});
	}

	private describe(): string {
		const last = [...this.entries.values()].slice(-5);
		const lines = last.map(
			({ eventId, eventType, state, attempts }) =>
				`${eventType} ${eventId}: ${state} after ${attempts.length}`,
		);
		return `The log's last: ${lines.join('; ') || 'none'}`;
	}
}

function snapshot(entry: Entry): Delivery {
	return { ...entry, attempts: [...entry.attempts] };
}
