import { EventEmitter } from 'node:events';

import type { Attempt, Delivery } from './delivery/delivery.mts';
import type { RecordedRequest } from './http/requestLog.mts';
import type { MindPeekerEvent } from './platform/event.mts';

/** What can be watched while it happens. */
export interface LiveEvents {
	/** An event happened, and these deliveries of it begin. */
	event: [event: MindPeekerEvent, deliveryIds: string[]];
	/** The time of a delivery's next attempt, or of its first, was set. */
	planned: [delivery: Delivery];
	/** An attempt ended, or a copy of one. */
	attempt: [attempt: Attempt, delivery: Delivery];
	delivered: [delivery: Delivery];
	/** The last attempt failed. */
	givenUp: [delivery: Delivery];
	/** The webhook is gone or not active any more, or the simulator was closed. */
	cancelled: [delivery: Delivery];
	/** A call of the management API was answered, or met a fault that leaves it without an answer. */
	request: [request: RecordedRequest];
	/** A webhook was registered, changed or removed. */
	webhooksChanged: [];
	/** A fault was added, has struck or was cleared. */
	faultsChanged: [];
}

/** Where the parts of the simulator announce what happens. */
export class Live extends EventEmitter<LiveEvents> {
	constructor() {
		super();
		this.setMaxListeners(0);
	}
}
