import { parseEvent, type EventFault, type MindPeekerEvent } from '../../shared/event';
import { findSignatureFault, type SignatureFault } from '../../shared/signature';
import { WEBHOOK_NAMES, type Acknowledge } from '../acknowledge';
import { isAllowed } from './allowedAddresses';
import type { Delivery } from './delivery';
import { findFilter, type FilterReason, type Filters } from './filters';

export interface ReceptionSettings extends Filters {
	/** Selects the path that deliveries come on. */
	readonly acknowledge: Acknowledge;
	/** Addresses and ranges, separated by commas; undefined lets everybody in. */
	readonly allowedIps?: string;
}

export type Verdict =
	/** The workflow is to start with this event. */
	| { readonly outcome: 'accepted'; readonly event: MindPeekerEvent }
	/** Genuine, and not asked for: MindPeeker is not to send it again. */
	| { readonly outcome: 'ignored'; readonly event: MindPeekerEvent; readonly reason: FilterReason }
	/** Genuine, and not to be taken yet: MindPeeker is to try again. */
	| { readonly outcome: 'early'; readonly event: MindPeekerEvent; readonly reason: FilterReason }
	/** It came on the path that is not in use. */
	| { readonly outcome: 'not here' }
	| { readonly outcome: 'forbidden' }
	| { readonly outcome: 'unauthorised'; readonly reason: SignatureFault }
	| { readonly outcome: 'malformed'; readonly reason: EventFault };

/**
 * Judges one delivery; the first check that fails decides. Never throws, whatever was sent.
 *
 * @param secrets every secret that a delivery may be signed with now
 * @param now milliseconds since 1970
 */
export function verdictOn(
	{ webhookName, address, body, signature }: Delivery,
	settings: ReceptionSettings,
	secrets: readonly string[],
	now: number,
): Verdict {
	const { acknowledge, allowedIps } = settings;
	if (webhookName !== WEBHOOK_NAMES[acknowledge]) return { outcome: 'not here' };
	if (allowedIps !== undefined && !isAllowed(address, allowedIps)) return { outcome: 'forbidden' };

	const signatureFault = findSignatureFault(body, signature, secrets);
	if (signatureFault) return { outcome: 'unauthorised', reason: signatureFault };

	const parsed = parseEvent(body as Buffer);
	if ('fault' in parsed) return { outcome: 'malformed', reason: parsed.fault };

	const { event } = parsed;
	const reason = findFilter(event, settings, now);
	if (!reason) return { outcome: 'accepted', event };
	return { outcome: reason === 'from the future' ? 'early' : 'ignored', event, reason };
}
