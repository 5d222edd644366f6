import { createHmac } from 'node:crypto';
import { validateHeaderName, validateHeaderValue } from 'node:http';

import type { JsonObject } from '../../nodes/shared/values.ts';
import type { Delivery } from '../delivery/delivery.mts';
import type { Dispatcher } from '../delivery/dispatcher.mts';
import { ATTEMPT_DELAYS_MS } from '../delivery/retrySchedule.mts';
import { formatTimestamp } from '../runtime/clock.mts';
import type { EventBus } from '../runtime/eventBus.mts';
import type { SeededRandom } from '../runtime/seededRandom.mts';
import { createPayload, type MindPeekerEvent } from './event.mts';
import type { Webhook, Webhooks } from './webhooks.mts';

const WEBHOOK_FAILED = 'webhook.failed';
const SIGNATURE_HEADER = 'X-MindPeeker-Signature';
const HEADERS = { 'Content-Type': 'application/json', 'User-Agent': 'MindPeeker-Webhooks/1.0' };

export interface EventOptions {
	/** Replaces top-level fields of the type's sample payload. */
	data?: JsonObject;
	/** The whole payload, instead of `data` and the sample. */
	payload?: JsonObject;
	/** Default: a new id. */
	id?: string;
	/** Default: true. */
	livemode?: boolean;
	/** ISO 8601. Default: now. */
	createdAt?: string;
}

export interface EmittedEvent {
	event: MindPeekerEvent;
	/** One for each active webhook with the type. */
	deliveryIds: string[];
}

export interface RawDelivery {
	webhookId: string;
	/** Sent byte for byte. It need not be an event. */
	body: string | Buffer;
	/** Replace the default headers, including the signature. Null removes a header. */
	headers?: Record<string, string | null>;
	/** False: one attempt, which does not mark the webhook as failed. Default: true. */
	retry?: boolean;
}

interface Dependencies {
	webhooks: Webhooks;
	dispatcher: Dispatcher;
	eventBus: EventBus;
	random: SeededRandom;
}

/** Creates events and sends them to webhooks. */
export class EventPublisher {
	constructor(private readonly dependencies: Dependencies) {}

	/** @throws {TypeError} for an unknown type, or if both `data` and `payload` are set */
	emit(type: string, options: EventOptions = {}): EmittedEvent {
		const { webhooks, eventBus } = this.dependencies;
		const event = this.createEvent(type, options);
		const receivers = webhooks
			.all()
			.filter(({ active, events }) => active && events.includes(type));
		const deliveryIds = receivers.map((webhook) =>
			this.deliver(webhook, event, () => webhooks.get(webhook.id)?.active === true),
		);
		eventBus.emit('event', event, deliveryIds);
		return { event, deliveryIds };
	}

	/**
	 * Sends a test event to one webhook, even if it is paused or does not have the type.
	 * The default type is the first one of the webhook.
	 *
	 * @throws {TypeError} for an unknown type
	 */
	emitTest(webhook: Webhook, type = webhook.events[0] ?? '', data?: JsonObject): EmittedEvent {
		const { webhooks, eventBus } = this.dependencies;
		const event = this.createEvent(type, { data, livemode: false });
		const exists = () => webhooks.get(webhook.id) !== undefined;
		const deliveryIds = [this.deliver(webhook, event, exists)];
		eventBus.emit('event', event, deliveryIds);
		return { event, deliveryIds };
	}

	/**
	 * Sends arbitrary bytes and returns the delivery's id.
	 *
	 * @throws {RangeError} for an unknown webhook
	 * @throws {TypeError} for an invalid header
	 */
	emitRaw({ webhookId, body, headers = {}, retry = true }: RawDelivery): string {
		const { webhooks, dispatcher } = this.dependencies;
		const webhook = webhooks.get(webhookId);
		if (!webhook) throw new RangeError(`There is no webhook ${webhookId}.`);
		const bytes = Buffer.from(body);
		return dispatcher.dispatch({
			webhookId,
			...readIdAndType(bytes),
			request: {
				url: webhook.url,
				body: bytes,
				headers: mergeHeaders(createHeaders(bytes, webhook.secret), headers),
			},
			retry,
			shouldAttempt: () => webhooks.get(webhookId)?.active === true,
			onFailed: retry ? (delivery) => this.markFailed(delivery) : undefined,
		});
	}

	private createEvent(
		type: string,
		{ data, payload, id, livemode = true, createdAt }: EventOptions,
	): MindPeekerEvent {
		if (data && payload) throw new TypeError('Use either data or payload, not both.');
		const samplePayload = createPayload(type, data);
		if (!samplePayload) {
			throw new TypeError(`There is no event type "${type}". A raw delivery can have any type.`);
		}
		return {
			id: id ?? this.dependencies.random.id('evt'),
			type,
			created_at: createdAt ?? formatTimestamp(),
			data: payload ?? samplePayload,
			livemode,
			pending_webhooks: 0,
		};
	}

	private deliver(webhook: Webhook, event: MindPeekerEvent, shouldAttempt: () => boolean): string {
		const body = Buffer.from(JSON.stringify(event));
		return this.dependencies.dispatcher.dispatch({
			webhookId: webhook.id,
			eventId: event.id,
			eventType: event.type,
			request: { url: webhook.url, body, headers: createHeaders(body, webhook.secret) },
			retry: true,
			shouldAttempt,
			onFailed: (delivery) => this.markFailed(delivery),
		});
	}

	private markFailed({ webhookId, eventId, eventType, url, attempts }: Delivery): void {
		const isMarked = this.dependencies.webhooks.markFailed(webhookId);
		if (!isMarked || eventType === WEBHOOK_FAILED) return;
		const last = attempts.filter(({ copy }) => copy === 0).at(-1);
		const data = {
			webhook_id: webhookId,
			event_id: eventId,
			url,
			attempts: ATTEMPT_DELAYS_MS.length,
			last_status: last?.status ?? null,
			last_error: last?.error ?? `The receiver responded with ${last?.status}`,
		};
		this.emit(WEBHOOK_FAILED, { data });
	}
}

/** HMAC-SHA256 over the bytes of the body. The key is the secret in UTF-8. */
export function sign(body: Buffer, secret: string): string {
	const key = Buffer.from(secret, 'utf8');
	return `sha256=${createHmac('sha256', key).update(body).digest('hex')}`;
}

function createHeaders(body: Buffer, secret: string): Record<string, string> {
	return { ...HEADERS, [SIGNATURE_HEADER]: sign(body, secret) };
}

function mergeHeaders(
	defaults: Record<string, string>,
	overrides: Record<string, string | null>,
): Record<string, string> {
	const headers = { ...defaults };
	for (const [name, value] of Object.entries(overrides)) {
		validateHeaderName(name);
		const existing = Object.keys(headers).find((key) => key.toLowerCase() === name.toLowerCase());
		if (existing) delete headers[existing];
		if (value === null) continue;
		validateHeaderValue(name, value);
		headers[name] = value;
	}
	return headers;
}

/** The id and type of a raw body for the log. Empty if it has none. */
function readIdAndType(body: Buffer): { eventId: string; eventType: string } {
	try {
		const { id, type } = Object(JSON.parse(body.toString('utf8'))) as Partial<MindPeekerEvent>;
		return { eventId: stringOrEmpty(id), eventType: stringOrEmpty(type) };
	} catch {
		return { eventId: '', eventType: '' };
	}
}

function stringOrEmpty(value: unknown): string {
	return typeof value === 'string' ? value : '';
}
