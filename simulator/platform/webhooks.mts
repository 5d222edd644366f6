import type { Live } from '../live.mts';
import type { Seeded } from '../seeded.mts';
import { timestamp } from '../timestamp.mts';

export type WebhookStatus = 'active' | 'paused' | 'failed';

/** A registered webhook, with the secret that the API never gives back. */
export interface Webhook {
	readonly id: string;
	readonly url: string;
	readonly secret: string;
	readonly events: readonly string[];
	/** True where the status is `active`. */
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

/** The webhooks of the account, oldest first. */
export class Webhooks {
	// The serial of its registration is what a cursor points at: it holds though others are removed meanwhile.
	private readonly registered = new Map<string, { webhook: Webhook; serial: number }>();
	private serial = 0;

	constructor(
		private readonly seeded: Seeded,
		private readonly live: Live,
	) {}

	add({ url, secret, events, active = true }: WebhookInput): Webhook {
		const now = timestamp();
		const webhook: Webhook = {
			id: this.seeded.id('wh'),
			url,
			secret,
			events,
			active,
			status: active ? 'active' : 'paused',
			created_at: now,
			updated_at: now,
		};
		this.registered.set(webhook.id, { webhook, serial: ++this.serial });
		this.live.emit('webhooksChanged');
		return webhook;
	}

	get(id: string): Webhook | undefined {
		return this.registered.get(id)?.webhook;
	}

	all(): Webhook[] {
		return [...this.registered.values()].map(({ webhook }) => webhook);
	}

	/** Gives undefined for a cursor that no page gave. */
	page(limit: number, cursor?: string): Page<Webhook> | undefined {
		const after = cursor === undefined ? 0 : serialOf(cursor);
		if (after === undefined) return undefined;
		const rest = [...this.registered.values()].filter(({ serial }) => serial > after);
		const page = rest.slice(0, limit);
		const last = page.at(-1);
		return {
			entries: page.map(({ webhook }) => webhook),
			nextCursor: last && rest.length > limit ? cursorOf(last.serial) : null,
		};
	}

	/** Gives undefined where there is none of this id. */
	update(id: string, { events, active }: WebhookChanges): Webhook | undefined {
		const status = active === undefined ? undefined : active ? 'active' : 'paused';
		return this.replace(id, { ...(events && { events }), ...(status && { status }) });
	}

	/** Marks an active webhook as failed. Gives false where there is none to mark. */
	markFailed(id: string): boolean {
		if (!this.get(id)?.active) return false;
		return this.replace(id, { status: 'failed' }) !== undefined;
	}

	/** Gives false where there is none of this id. */
	remove(id: string): boolean {
		const existed = this.registered.delete(id);
		if (existed) this.live.emit('webhooksChanged');
		return existed;
	}

	private replace(
		id: string,
		changes: Partial<Pick<Webhook, 'events' | 'status'>>,
	): Webhook | undefined {
		const entry = this.registered.get(id);
		if (!entry) return undefined;
		const changed = { ...entry.webhook, ...changes, updated_at: timestamp() };
		entry.webhook = { ...changed, active: changed.status === 'active' };
		this.live.emit('webhooksChanged');
		return entry.webhook;
	}
}

/** As the API gives it back. */
export function withoutSecret({ secret: _, ...webhook }: Webhook): Omit<Webhook, 'secret'> {
	return webhook;
}

function cursorOf(serial: number): string {
	return Buffer.from(`after:${serial}`).toString('base64url');
}

function serialOf(cursor: string): number | undefined {
	const [, serial] = /^after:(\d+)$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
	return serial === undefined ? undefined : Number(serial);
}
