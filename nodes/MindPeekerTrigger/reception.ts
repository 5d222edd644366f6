import { parseEvent, type EventFault, type MindPeekerEvent } from '../shared/event';
import { isChosen } from '../shared/events';
import { findSignatureFault, type SignatureFault } from '../shared/signature';

/** What MindPeeker, or somebody else, sent. */
export interface Delivery {
	/** The bytes as they arrived, where there are any. */
	readonly body: unknown;
	/** The value of the signature header. */
	readonly signature: unknown;
}

export interface ReceptionSettings {
	/** The chosen types of events, or `*` among them. */
	readonly events: readonly string[];
	/** Every secret that a delivery may be signed with now. */
	readonly secrets: readonly string[];
}

export type Verdict =
	/** The workflow is to start with this event. */
	| { readonly outcome: 'accepted'; readonly event: MindPeekerEvent }
	/** Genuine, and not asked for: MindPeeker is not to send it again. */
	| { readonly outcome: 'ignored'; readonly event: MindPeekerEvent; readonly reason: string }
	| { readonly outcome: 'unauthorised'; readonly reason: SignatureFault }
	| { readonly outcome: 'malformed'; readonly reason: EventFault };

/** Judges one delivery; the first check that fails decides. Never throws, whatever was sent. */
export function receive(delivery: Delivery, settings: ReceptionSettings): Verdict {
	const signatureFault = findSignatureFault(delivery.body, delivery.signature, settings.secrets);
	if (signatureFault) return { outcome: 'unauthorised', reason: signatureFault };

	const parsed = parseEvent(delivery.body as Buffer);
	if ('fault' in parsed) return { outcome: 'malformed', reason: parsed.fault };

	const { event } = parsed;
	if (!isChosen(event.type, settings.events)) {
		return { outcome: 'ignored', event, reason: 'type not chosen' };
	}
	return { outcome: 'accepted', event };
}
