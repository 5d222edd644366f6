import type { MindPeekerEvent } from '../../shared/event';
import { isChosen } from '../../shared/events';
import { LAST_ATTEMPT_MS } from '../../shared/retrySchedule';
import { parseTime } from '../../shared/time';

const MINUTE_MS = 60_000;
const CLOCK_TOLERANCE_MS = 5 * MINUTE_MS;

export interface Filters {
	/** The chosen types of events, or `*` among them. */
	readonly events: readonly string[];
	/** In minutes; 0 lets every age pass. */
	readonly maxEventAge: number;
	readonly livemode: 'all' | 'live' | 'test';
	/** 0 to 1; an event that carries none passes. */
	readonly minimumConfidence: number;
}

/** Why an event does not start the workflow. */
export type FilterReason =
	| 'type not chosen'
	| 'too old'
	| 'from the future'
	| 'too far in the future'
	| 'not of the live mode asked for'
	| 'confidence too low';

/** The first filter that holds the event back; undefined where it passes. `now` is in milliseconds since 1970. */
export function findFilter(
	event: MindPeekerEvent,
	filters: Filters,
	now: number,
): FilterReason | undefined {
	if (!isChosen(event.type, filters.events)) return 'type not chosen';
	return (
		checkAge(event, filters, now) ??
		checkLivemode(event, filters) ??
		checkConfidence(event, filters)
	);
}

/** An event whose time cannot be read passes: a filter must not lose what it does not understand. */
function checkAge(
	{ created_at: createdAt }: MindPeekerEvent,
	{ maxEventAge }: Filters,
	now: number,
): FilterReason | undefined {
	const created = parseTime(createdAt);
	if (maxEventAge <= 0 || Number.isNaN(created)) return undefined;
	if (now - created > maxEventAge * MINUTE_MS) return 'too old';
	const aheadMs = created - now - CLOCK_TOLERANCE_MS;
	if (aheadMs <= 0) return undefined;
	// No retry can be in time: seven refusals would only make MindPeeker disable the webhook.
	return aheadMs >= LAST_ATTEMPT_MS ? 'too far in the future' : 'from the future';
}

function checkLivemode(event: MindPeekerEvent, { livemode }: Filters): FilterReason | undefined {
	if (livemode === 'all' || typeof event.livemode !== 'boolean') return undefined;
	return event.livemode === (livemode === 'live') ? undefined : 'not of the live mode asked for';
}

function checkConfidence(
	{ data }: MindPeekerEvent,
	{ minimumConfidence }: Filters,
): FilterReason | undefined {
	const { confidence_score: score, confidence } = (data ?? {}) as Record<string, unknown>;
	const value = score ?? confidence;
	return typeof value === 'number' && value < minimumConfidence ? 'confidence too low' : undefined;
}
