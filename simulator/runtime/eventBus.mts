import { EventEmitter } from 'node:events';

import type { Attempt, Delivery } from '../delivery/delivery.mts';
import type { RecordedRequest } from '../http/requestLog.mts';
import type { MindPeekerEvent } from '../service/event.mts';

/** The events of `Simulator.on`. */
export interface SimulatorEvents {
	/** An event was emitted, and these deliveries start. */
	event: [event: MindPeekerEvent, deliveryIds: string[]];
	/** The next attempt of a delivery, or its first, was scheduled. */
	scheduled: [delivery: Delivery];
	/** An attempt or a duplicate of one ended. */
	attempt: [attempt: Attempt, delivery: Delivery];
	delivered: [delivery: Delivery];
	/** The last attempt failed. */
	failed: [delivery: Delivery];
	/** The webhook is no longer active, or the simulator was closed. */
	canceled: [delivery: Delivery];
	/** A request to the management API ended, with or without a response. */
	request: [request: RecordedRequest];
	/** A webhook was registered, changed or deleted. */
	webhooksChanged: [];
	/** A fault was added, injected or cleared. */
	faultsChanged: [];
}

export class EventBus extends EventEmitter<SimulatorEvents> {
	constructor() {
		super();
		this.setMaxListeners(0);
	}
}
