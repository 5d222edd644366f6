import { formatTimestamp } from '../runtime/clock.mts';
import type { EventBus } from '../runtime/eventBus.mts';
import type { SeededRandom } from '../runtime/seededRandom.mts';

export type WebhookStatus = 'active' | 'paused' | 'failed';

/** A registered webhook. The API never returns the secret. */
export interface Webhook {
	readonly id: string;
	readonly url: string;
	readonly secret: string;
	readonly events: readonly string[];
	/** Whether the status is `active`. */
	readonly active: boolean;
	readonly status: WebhookStatus;
	/** ISO 8601. */
	readonly created_at: string;
	/** ISO 8601. */
	readonly updated_at: string;
}

export type WebhookInput = Pick<Webhook, 'url' | 'secret' | 'events'> & { active?: boolean };
export type WebhookChanges = Partial<Pick<Webhook, 'events' | 'active'>>;

export interface Page<T> {
	entries: T[];
	nextCursor: string | null;
}

/** The account's webhooks, oldest first. */
export class Webhooks {
	// A cursor contains a serial number. So it stays valid if webhooks are deleted.
	private readonly registered = new Map<string, { webhook: Webhook; serial: number }>();
	private lastSerial = 0;

	constructor(
		private readonly random: SeededRandom,
		private readonly eventBus: EventBus,
	) {}

	add({ url, secret, events, active = true }: WebhookInput): Webhook {
		const now = formatTimestamp();
		const webhook: Webhook = {
			id: this.random.id('wh'),
			url,
			secret,
			events,
			active,
			status: active ? 'active' : 'paused',
			created_at: now,
			updated_at: now,
		};
		this.registered.set(webhook.id, { webhook, serial: ++this.lastSerial });
		this.eventBus.emit('webhooksChanged');
		return webhook;
	}

	get(id: string): Webhook | undefined {
		return this.registered.get(id)?.webhook;
	}

	all(): Webhook[] {
		return [...this.registered.values()].map(({ webhook }) => webhook);
	}

	/** Returns undefined for an invalid cursor. */
	listPage(limit: number, cursor?: string): Page<Webhook> | undefined {
		const after = cursor === undefined ? 0 : decodeCursor(cursor);
		if (after === undefined) return undefined;
		const rest = [...this.registered.values()].filter(({ serial }) => serial > after);
		const page = rest.slice(0, limit);
		const last = page.at(-1);
		return {
			entries: page.map(({ webhook }) => webhook),
			nextCursor: last && rest.length > limit ? encodeCursor(last.serial) : null,
		};
	}

	/** Returns undefined for an unknown id. */
	update(id: string, { events, active }: WebhookChanges): Webhook | undefined {
		const status = active === undefined ? undefined : active ? 'active' : 'paused';
		return this.replace(id, { ...(events && { events }), ...(status && { status }) });
	}

	/** Returns false if there is no active webhook with this id. */
	markFailed(id: string): boolean {
		if (!this.get(id)?.active) return false;
		return this.replace(id, { status: 'failed' }) !== undefined;
	}

	/** Returns false for an unknown id. */
	delete(id: string): boolean {
		const existed = this.registered.delete(id);
		if (existed) this.eventBus.emit('webhooksChanged');
		return existed;
	}

	private replace(
		id: string,
		changes: Partial<Pick<Webhook, 'events' | 'status'>>,
	): Webhook | undefined {
		const entry = this.registered.get(id);
		if (!entry) return undefined;
		const changed = { ...entry.webhook, ...changes, updated_at: formatTimestamp() };
		entry.webhook = { ...changed, active: changed.status === 'active' };
		this.eventBus.emit('webhooksChanged');
		return entry.webhook;
	}
}

export function omitSecret({ secret: _, ...webhook }: Webhook): Omit<Webhook, 'secret'> {
	return webhook;
}

function encodeCursor(serial: number): string {
	return Buffer.from(`after:${serial}`).toString('base64url');
}

function decodeCursor(cursor: string): number | undefined {
	const [, serial] = /^after:(\d+)$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
	return serial === undefined ? undefined : Number(serial);
}
