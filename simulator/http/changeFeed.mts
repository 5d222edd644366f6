import type { EventEmitter } from 'node:events';

import type { FastifyPluginAsync } from 'fastify';

import type { Delivery } from '../delivery/delivery.mts';
import type { SimulatorEvents } from '../runtime/eventBus.mts';
import type { Service } from '../service/createService.mts';
import {
	createSnapshot,
	MAX_DELIVERIES,
	toFaultViews,
	toWebhookViews,
	truncateBody,
	type Change,
} from './changeMessages.mts';
import type { GetConnectionDetails } from './pageRoutes.mts';

const HEADERS = { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' };
const RECONNECT_MS = 1_000;
const FLUSH_INTERVAL_MS = 50;
// A slow reader is disconnected. It reconnects and receives a new snapshot.
const MAX_BUFFERED_BYTES = 8_000_000;

type Listeners = { [K in keyof SimulatorEvents]?: (...args: SimulatorEvents[K]) => void };

/** Server-sent events: a `snapshot` of everything, then a `change` for each update. */
export function changeFeed(
	service: Service,
	getConnectionDetails: GetConnectionDetails,
): FastifyPluginAsync {
	return async (app) => {
		// A HEAD request would never end.
		app.get('/stream', { exposeHeadRoute: false }, (_request, reply) => {
			reply.hijack();
			const { raw } = reply;
			const send = (event: 'snapshot' | 'change', message: object) => {
				raw.write(`event: ${event}\ndata: ${JSON.stringify(message)}\n\n`);
				if (raw.writableLength > MAX_BUFFERED_BYTES) raw.destroy();
			};
			raw.writeHead(200, HEADERS);
			raw.write(`retry: ${RECONNECT_MS}\n\n`);
			send('snapshot', createSnapshot(service, getConnectionDetails()));
			const unsubscribe = subscribeToChanges(service, (change) => send('change', change));
			raw.once('close', unsubscribe);
		});
	};
}

/** @returns a function that unsubscribes */
function subscribeToChanges(service: Service, onChange: (change: Change) => void): () => void {
	const buffer = new ChangeBuffer(service, onChange);
	const addDelivery = (delivery: Delivery) => buffer.addDelivery(delivery);
	const listeners: Listeners = {
		webhooksChanged: () => buffer.markChanged('webhooks'),
		faultsChanged: () => buffer.markChanged('faults'),
		attempt: (_attempt, delivery) => addDelivery(delivery),
		scheduled: addDelivery,
		delivered: addDelivery,
		failed: addDelivery,
		canceled: addDelivery,
	};
	const eventBus: EventEmitter = service.eventBus;
	for (const [name, listener] of Object.entries(listeners)) eventBus.on(name, listener);
	return () => {
		for (const [name, listener] of Object.entries(listeners)) eventBus.off(name, listener);
		buffer.stop();
	};
}

/** Collects changes for a short time, so that many deliveries cause few messages. */
class ChangeBuffer {
	private readonly changed = new Set<'webhooks' | 'faults'>();
	private readonly deliveries = new Map<string, Delivery>();
	private timer?: NodeJS.Timeout;

	constructor(
		private readonly service: Service,
		private readonly onChange: (change: Change) => void,
	) {}

	markChanged(part: 'webhooks' | 'faults'): void {
		this.changed.add(part);
		this.scheduleFlush();
	}

	addDelivery(delivery: Delivery): void {
		this.deliveries.set(delivery.id, delivery);
		this.scheduleFlush();
	}

	stop(): void {
		clearTimeout(this.timer);
	}

	private scheduleFlush(): void {
		this.timer ??= setTimeout(() => this.flush(), FLUSH_INTERVAL_MS);
	}

	private flush(): void {
		const deliveries = [...this.deliveries.values()].slice(-MAX_DELIVERIES).map(truncateBody);
		const change: Change = {
			...(this.changed.has('webhooks') && { webhooks: toWebhookViews(this.service) }),
			...(this.changed.has('faults') && { faults: toFaultViews(this.service) }),
			...(deliveries.length > 0 && { deliveries }),
		};
		this.timer = undefined;
		this.changed.clear();
		this.deliveries.clear();
		this.onChange(change);
	}
}
