import type { EventEmitter } from 'node:events';

import type { Delivery, DeliveryFilter } from './delivery/delivery.mts';
import type { DeliveryMatch } from './delivery/deliveryLog.mts';
import type { Faults } from './faults/faults.mts';
import type { RecordedRequest } from './http/requestLog.mts';
import { listen } from './http/server.mts';
import type { LiveEvents } from './live.mts';
import { settingsFrom, type SimulatorOptions } from './options.mts';
import type { Emission, EventOptions, RawDelivery } from './platform/publisher.mts';
import type { Webhook } from './platform/webhooks.mts';
import { createService } from './service.mts';

export type { Attempt, Delivery, DeliveryFilter, DeliveryState } from './delivery/delivery.mts';
export type { DeliveryMatch } from './delivery/deliveryLog.mts';
export type { ApiFault, DeliveryFault, Fault } from './faults/fault.mts';
export type { RequestedFault } from './faults/faults.mts';
export type { RecordedRequest } from './http/requestLog.mts';
export type { LiveEvents } from './live.mts';
export { DEFAULT_API_KEY, SimulatorError, type SimulatorOptions } from './options.mts';
export type { MindPeekerEvent } from './platform/event.mts';
export type { Emission, EventOptions, RawDelivery } from './platform/publisher.mts';
export type { Webhook, WebhookStatus } from './platform/webhooks.mts';

/** A running stand-in for MindPeeker's service. */
export interface Simulator {
	/** `http://127.0.0.1:<port>`, where the controls for other processes are as well. */
	readonly origin: string;
	/** `http://127.0.0.1:<port>/v1`. */
	readonly baseUrl: string;
	/** The first of the keys that it accepts. */
	readonly apiKey: string;
	/** Given as an option, it repeats this run's ids and faults. */
	readonly seed: number;
	/** Faults on request. */
	readonly faults: Pick<Faults, 'add' | 'list' | 'clear'>;

	/** The registered webhooks with their secrets, oldest first. */
	webhooks(): Webhook[];
	/** Pauses a webhook as if its owner had. Throws a RangeError where there is none of this id. */
	pauseWebhook(id: string): void;
	/** Switches a webhook on again as if its owner had. Throws a RangeError where there is none of this id. */
	activateWebhook(id: string): void;
	/** Removes a webhook as if its owner had. Throws a RangeError where there is none of this id. */
	removeWebhook(id: string): void;
	/** The calls of the management API, oldest first. */
	requests(): RecordedRequest[];

	/** An event happens. Throws a TypeError for a type that is not known, and for both `data` and `payload`. */
	emit(type: string, options?: EventOptions): Emission;
	/**
	 * Sends a test event to one webhook, of the first type it chose where none is given. Throws a RangeError where
	 * there is no such webhook, and a TypeError for a type that is not known.
	 */
	emitTest(webhookId: string, type?: string): Emission;
	/**
	 * Sends any bytes to a webhook and gives the delivery's id. Throws a RangeError where there is no such
	 * webhook, and a TypeError for a header that HTTP does not allow.
	 */
	emitRaw(delivery: RawDelivery): string;
	/** The deliveries that match, oldest first. */
	deliveries(filter?: DeliveryFilter): Delivery[];
	/**
	 * Resolves with the first delivery of this event, or that matches, once it has ended: delivered, given up
	 * or cancelled. Rejects after `timeoutMs` (10,000).
	 */
	waitForDelivery(match: DeliveryMatch, options?: { timeoutMs?: number }): Promise<Delivery>;
	/** Stops the service's time: no attempt begins until the returned function is called. */
	pause(): () => void;
	/** Resolves as soon as no delivery, session or analysis is under way. */
	idle(): Promise<void>;
	/** Calls the listener whenever it happens, until the returned function is called. */
	on<K extends keyof LiveEvents>(
		name: K,
		listener: (...details: LiveEvents[K]) => void,
	): () => void;

	/** Stops everything, what is under way included. */
	close(): Promise<void>;
}

/**
 * Starts a simulator on 127.0.0.1.
 *
 * @throws {SimulatorError} where an option makes no sense or the port is in use
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
	const settings = settingsFrom(options);
	const service = createService(settings);
	const { webhooks, publisher, log, requestLog, activity, live, clock, sender } = service;
	const server = await listen(service);
	return {
		origin: server.origin,
		baseUrl: `${server.origin}/v1`,
		apiKey: settings.apiKeys[0] ?? '',
		seed: settings.seed,
		faults: service.faults,
		webhooks: () => webhooks.all(),
		pauseWebhook: (id) => void demandWebhook(id, webhooks.update(id, { active: false })),
		activateWebhook: (id) => void demandWebhook(id, webhooks.update(id, { active: true })),
		removeWebhook: (id) => void demandWebhook(id, webhooks.remove(id) || undefined),
		requests: () => requestLog.all(),
		emit: (type, eventOptions) => publisher.emit(type, eventOptions),
		emitTest: (id, type) => publisher.emitTest(demandWebhook(id, webhooks.get(id)), type),
		emitRaw: (delivery) => publisher.emitRaw(delivery),
		deliveries: (filter) => log.find(filter),
		waitForDelivery: async (match, { timeoutMs } = {}) => await log.waitFor(match, timeoutMs),
		pause: () => clock.pause(),
		idle: async () => await activity.idle(),
		on: (name, listener) => {
			const emitter: EventEmitter = live;
			emitter.on(name, listener);
			return () => emitter.off(name, listener);
		},
		close: async () => {
			clock.stop();
			sender.close();
			await activity.idle();
			await server.close();
		},
	};
}

function demandWebhook<T>(id: string, found: T | undefined): T {
	if (found === undefined) throw new RangeError(`There is no webhook ${id}.`);
	return found;
}
