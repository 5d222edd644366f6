import type { EventEmitter } from 'node:events';

import type { Delivery } from '../delivery/delivery.mts';
import type { LiveEvents } from '../live.mts';
import type { Service } from '../service.mts';
import {
	HISTORY,
	shownDelivery,
	shownFaults,
	shownWebhooks,
	type Change,
} from './streamMessage.mts';

const GATHER_MS = 50;

type Listeners = { [K in keyof LiveEvents]?: (...details: LiveEvents[K]) => void };

/**
 * Tells what changes, gathered for a moment, so that a flood of deliveries does not become a flood of messages.
 *
 * @returns the function that ends it
 */
export function follow(service: Service, tell: (change: Change) => void): () => void {
	const gathered = new Gathered(service, tell);
	const noteDelivery = (delivery: Delivery) => gathered.noteDelivery(delivery);
	const listeners: Listeners = {
		webhooksChanged: () => gathered.note('webhooks'),
		faultsChanged: () => gathered.note('faults'),
		attempt: (_attempt, delivery) => noteDelivery(delivery),
		planned: noteDelivery,
		delivered: noteDelivery,
		givenUp: noteDelivery,
		cancelled: noteDelivery,
	};
	const live: EventEmitter = service.live;
	for (const [name, listener] of Object.entries(listeners)) live.on(name, listener);
	return () => {
		for (const [name, listener] of Object.entries(listeners)) live.off(name, listener);
		gathered.stop();
	};
}

/** What has changed since it was told last. */
class Gathered {
	private readonly changed = new Set<'webhooks' | 'faults'>();
	private readonly deliveries = new Map<string, Delivery>();
	private timer?: NodeJS.Timeout;

	constructor(
		private readonly service: Service,
		private readonly tell: (change: Change) => void,
	) {}

	note(what: 'webhooks' | 'faults'): void {
		this.changed.add(what);
		this.timer ??= setTimeout(() => this.flush(), GATHER_MS);
	}

	noteDelivery(delivery: Delivery): void {
		this.deliveries.set(delivery.id, delivery);
		this.timer ??= setTimeout(() => this.flush(), GATHER_MS);
	}

	stop(): void {
		clearTimeout(this.timer);
	}

	private flush(): void {
		const deliveries = [...this.deliveries.values()].slice(-HISTORY).map(shownDelivery);
		const change: Change = {
			...(this.changed.has('webhooks') && { webhooks: shownWebhooks(this.service) }),
			...(this.changed.has('faults') && { faults: shownFaults(this.service) }),
			...(deliveries.length > 0 && { deliveries }),
		};
		this.timer = undefined;
		this.changed.clear();
		this.deliveries.clear();
		this.tell(change);
	}
}
