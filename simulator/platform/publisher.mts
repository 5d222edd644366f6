import { validateHeaderName, validateHeaderValue } from 'node:http';

import type { JsonObject } from '../../nodes/shared/events/index.ts';
import type { Delivery } from '../delivery/delivery.mts';
import type { Dispatcher } from '../delivery/dispatcher.mts';
import { ATTEMPT_DELAYS_MS } from '../delivery/schedule.mts';
import { SIGNATURE_HEADER, signatureOf } from '../delivery/signing.mts';
import type { Live } from '../live.mts';
import type { Seeded } from '../seeded.mts';
import { timestamp } from '../timestamp.mts';
import { payloadOf, type MindPeekerEvent } from './event.mts';
import type { Webhook, Webhooks } from './webhooks.mts';

const WEBHOOK_FAILED = 'webhook.failed';
const HEADERS = { 'Content-Type': 'application/json', 'User-Agent': 'MindPeeker-Webhooks/1.0' };

export interface EventOptions {
	/** Laid over the sample payload of the type, field by field at the top level. */
	data?: JsonObject;
	/** The whole payload, with nothing of the sample; instead of `data`. */
	payload?: JsonObject;
	/** A fresh one where left out. */
	id?: string;
	/** True where left out. */
	livemode?: boolean;
	/** ISO 8601; now where left out. */
	createdAt?: string;
}

export interface Emission {
	event: MindPeekerEvent;
	/** One for each active webhook that chose the type. */
	deliveryIds: string[];
}

export interface RawDelivery {
	webhookId: string;
	/** Sent byte for byte; what is in it need not be an event. */
	body: string | Buffer;
	/** Laid over the usual ones, the signature's included; null leaves one out. */
	headers?: Record<string, string | null>;
	/** False: a single attempt, which does not mark the webhook as failed. True where left out. */
	retry?: boolean;
}

interface Parts {
	webhooks: Webhooks;
	dispatcher: Dispatcher;
	live: Live;
	seeded: Seeded;
}

/** Makes events and sends them to the webhooks that are to get them. */
export class Publisher {
	constructor(private readonly parts: Parts) {}

	/** @throws {TypeError} for a type that is not known, and for both `data` and `payload` */
	emit(type: string, options: EventOptions = {}): Emission {
		const event = this.makeEvent(type, options);
		const receivers = this.parts.webhooks
			.all()
			.filter(({ active, events }) => active && events.includes(type));
		const deliveryIds = receivers.map((webhook) =>
			this.deliver(webhook, event, () => this.parts.webhooks.get(webhook.id)?.active === true),
		);
		this.parts.live.emit('event', event, deliveryIds);
		return { event, deliveryIds };
	}

	/**
	 * Sends a test event to this webhook alone, whether or not it is active and chose the type. Where no type is
	 * given, it is the first that the webhook chose.
	 *
	 * @throws {TypeError} for a type that is not known
	 */
	emitTest(webhook: Webhook, type = webhook.events[0] ?? '', data?: JsonObject): Emission {
		const event = this.makeEvent(type, { data, livemode: false });
		const exists = () => this.parts.webhooks.get(webhook.id) !== undefined;
		const deliveryIds = [this.deliver(webhook, event, exists)];
		this.parts.live.emit('event', event, deliveryIds);
		return { event, deliveryIds };
	}

	/**
	 * Sends any bytes, signed unless the headers say otherwise, and gives the delivery's id.
	 *
	 * @throws {RangeError} where there is no such webhook
	 * @throws {TypeError} for a header that HTTP does not allow
	 */
	emitRaw({ webhookId, body, headers = {}, retry = true }: RawDelivery): string {
		const webhook = this.parts.webhooks.get(webhookId);
		if (!webhook) throw new RangeError(`There is no webhook ${webhookId}.`);
		const bytes = Buffer.from(body);
		return this.parts.dispatcher.send({
			webhookId,
			...nameIn(bytes),
			posting: {
				url: webhook.url,
				body: bytes,
				headers: layOver(signedHeaders(bytes, webhook.secret), headers),
			},
			retry,
			isWanted: () => this.parts.webhooks.get(webhookId)?.active === true,
			onGivenUp: retry ? (delivery) => this.markFailed(delivery) : undefined,
		});
	}

	private makeEvent(
		type: string,
		{ data, payload, id, livemode = true, createdAt }: EventOptions,
	): MindPeekerEvent {
		if (data && payload) throw new TypeError('An event takes data or a payload, not both.');
		const overSample = payloadOf(type, data);
		if (!overSample) {
			throw new TypeError(`There is no event type "${type}"; a raw delivery can carry any.`);
		}
		return {
			id: id ?? this.parts.seeded.id('evt'),
			type,
			created_at: createdAt ?? timestamp(),
			data: payload ?? overSample,
			livemode,
			pending_webhooks: 0,
		};
	}

	private deliver(webhook: Webhook, event: MindPeekerEvent, isWanted: () => boolean): string {
		const body = Buffer.from(JSON.stringify(event));
		return this.parts.dispatcher.send({
			webhookId: webhook.id,
			eventId: event.id,
			eventType: event.type,
			posting: { url: webhook.url, body, headers: signedHeaders(body, webhook.secret) },
			retry: true,
			isWanted,
			onGivenUp: (delivery) => this.markFailed(delivery),
		});
	}

	private markFailed({ webhookId, eventId, eventType, url, attempts }: Delivery): void {
		if (!this.parts.webhooks.markFailed(webhookId) || eventType === WEBHOOK_FAILED) return;
		const last = attempts.filter(({ copy }) => copy === 0).at(-1);
		const data = {
			webhook_id: webhookId,
			event_id: eventId,
			url,
			attempts: ATTEMPT_DELAYS_MS.length,
			last_status: last?.status ?? null,
			last_error: last?.error ?? `The receiver answered ${last?.status}`,
		};
		this.emit(WEBHOOK_FAILED, { data });
	}
}

function signedHeaders(body: Buffer, secret: string): Record<string, string> {
	return { ...HEADERS, [SIGNATURE_HEADER]: signatureOf(body, secret) };
}

function layOver(
	usual: Record<string, string>,
	over: Record<string, string | null>,
): Record<string, string> {
	const headers = { ...usual };
	for (const [name, value] of Object.entries(over)) {
		validateHeaderName(name);
		const replaced = Object.keys(headers).find((key) => key.toLowerCase() === name.toLowerCase());
		if (replaced) delete headers[replaced];
		if (value === null) continue;
		validateHeaderValue(name, value);
		headers[name] = value;
	}
	return headers;
}

/** The id and type that a raw body names, for the log. */
function nameIn(body: Buffer): { eventId: string; eventType: string } {
	try {
		const { id, type } = Object(JSON.parse(body.toString('utf8'))) as Partial<MindPeekerEvent>;
		return { eventId: textOrNothing(id), eventType: textOrNothing(type) };
	} catch {
		return { eventId: '', eventType: '' };
	}
}

function textOrNothing(value: unknown): string {
	return typeof value === 'string' ? value : '';
}
