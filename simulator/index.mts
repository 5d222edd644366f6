import type { EventEmitter } from 'node:events';

import type { Delivery, DeliveryFilter } from './delivery/delivery.mts';
import type { DeliveryMatcher } from './delivery/deliveryLog.mts';
import type { FaultInjector } from './faults/faultInjector.mts';
import type { RecordedRequest } from './http/requestLog.mts';
import { startServer } from './http/server.mts';
import { resolveOptions, type SimulatorOptions } from './options.mts';
import type { SimulatorEvents } from './runtime/eventBus.mts';
import { createService } from './service/createService.mts';
import type { EmittedEvent, EventOptions, RawDelivery } from './service/eventPublisher.mts';
import type { Webhook } from './service/webhooks.mts';

export type { Attempt, Delivery, DeliveryFilter, DeliveryState } from './delivery/delivery.mts';
export type { DeliveryMatcher } from './delivery/deliveryLog.mts';
export type { ApiFault, DeliveryFault, Fault } from './faults/fault.mts';
export type { ActiveFault } from './faults/faultInjector.mts';
export type { RecordedRequest } from './http/requestLog.mts';
export { DEFAULT_API_KEY, SimulatorError, type SimulatorOptions } from './options.mts';
export type { SimulatorEvents } from './runtime/eventBus.mts';
export type { MindPeekerEvent } from './service/event.mts';
export type { EmittedEvent, EventOptions, RawDelivery } from './service/eventPublisher.mts';
export type { Webhook, WebhookStatus } from './service/webhooks.mts';

/** A running simulator of MindPeeker's service. */
export interface Simulator {
	/** Such as `http://127.0.0.1:4010`. Serves the page and the control API. */
	readonly origin: string;
	/** The management API's base URL, such as `http://127.0.0.1:4010/v1`. */
	readonly baseUrl: string;
	/** The first accepted API key. */
	readonly apiKey: string;
	/** Pass it as an option to reproduce this run's ids and faults. */
	readonly seed: number;
	readonly faults: Pick<FaultInjector, 'add' | 'list' | 'clear'>;

	/** The registered webhooks with their secrets, oldest first. */
	webhooks(): Webhook[];
	/** Pauses a webhook from outside n8n. Throws a RangeError for an unknown id. */
	pauseWebhook(id: string): void;
	/** Activates a webhook from outside n8n. Throws a RangeError for an unknown id. */
	activateWebhook(id: string): void;
	/** Deletes a webhook from outside n8n. Throws a RangeError for an unknown id. */
	deleteWebhook(id: string): void;
	/** The requests to the management API, oldest first. */
	requests(): RecordedRequest[];

	/** Sends an event to each active webhook with its type. Throws a TypeError for invalid options. */
	emit(type: string, options?: EventOptions): EmittedEvent;
	/**
	 * Sends a test event to one webhook. The default type is the first one of the webhook.
	 * Throws a RangeError for an unknown webhook and a TypeError for an unknown type.
	 */
	emitTest(webhookId: string, type?: string): EmittedEvent;
	/**
	 * Sends arbitrary bytes to a webhook and returns the delivery's id.
	 * Throws a RangeError for an unknown webhook and a TypeError for an invalid header.
	 */
	emitRaw(delivery: RawDelivery): string;
	/** The matching deliveries, oldest first. */
	deliveries(filter?: DeliveryFilter): Delivery[];
	/**
	 * Resolves with the first delivery of this event id, or that matches, once it is no longer pending.
	 * Rejects after `timeoutMs` (10,000).
	 */
	waitForDelivery(matcher: DeliveryMatcher, options?: { timeoutMs?: number }): Promise<Delivery>;
	/** Pauses the service's clock: no attempt starts until the returned function is called. */
	pause(): () => void;
	/** Resolves when no delivery, session or analysis is pending. */
	waitUntilIdle(): Promise<void>;
	/** Adds a listener. Returns the function that removes it. */
	on<K extends keyof SimulatorEvents>(
		name: K,
		listener: (...args: SimulatorEvents[K]) => void,
	): () => void;

	/** Stops the server and everything that is pending. */
	close(): Promise<void>;
}

/**
 * Starts a simulator.
 *
 * @throws {SimulatorError} if an option is invalid, the port is in use, or the host is not this machine
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
	const settings = resolveOptions(options);
	const service = createService(settings);
	const { webhooks, publisher, deliveryLog, requestLog, pendingTasks, clock, sender } = service;
	const server = await startServer(service);
	return {
		origin: server.origin,
		baseUrl: `${server.origin}/v1`,
		apiKey: settings.apiKeys[0] ?? '',
		seed: settings.seed,
		faults: service.faults,
		webhooks: () => webhooks.all(),
		pauseWebhook: (id) => void requireWebhook(id, webhooks.update(id, { active: false })),
		activateWebhook: (id) => void requireWebhook(id, webhooks.update(id, { active: true })),
		deleteWebhook: (id) => void requireWebhook(id, webhooks.delete(id) || undefined),
		requests: () => requestLog.all(),
		emit: (type, eventOptions) => publisher.emit(type, eventOptions),
		emitTest: (id, type) => publisher.emitTest(requireWebhook(id, webhooks.get(id)), type),
		emitRaw: (delivery) => publisher.emitRaw(delivery),
		deliveries: (filter) => deliveryLog.find(filter),
		waitForDelivery: async (matcher, { timeoutMs } = {}) =>
			await deliveryLog.waitFor(matcher, timeoutMs),
		pause: () => clock.pause(),
		waitUntilIdle: async () => await pendingTasks.waitUntilIdle(),
		on: (name, listener) => {
			const eventBus: EventEmitter = service.eventBus;
			eventBus.on(name, listener);
			return () => eventBus.off(name, listener);
		},
		close: async () => {
			clock.stop();
			sender.close();
			await pendingTasks.waitUntilIdle();
			await server.close();
		},
	};
}

function requireWebhook<T>(id: string, webhook: T | undefined): T {
	if (webhook === undefined) throw new RangeError(`There is no webhook ${id}.`);
	return webhook;
}
