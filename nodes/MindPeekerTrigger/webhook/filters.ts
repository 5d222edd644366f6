import type { MindPeekerEvent } from '../../shared/events/event';
import { isChosen } from '../../shared/events/selection';
import { LAST_ATTEMPT_MS } from '../../shared/retrySchedule';
import { MINUTE_MS, parseTime } from '../../shared/time';
import type { Settings } from '../settings';

const CLOCK_TOLERANCE_MS = 5 * MINUTE_MS;

export type Filters = Pick<Settings, 'events' | 'livemode' | 'maxEventAge' | 'minimumConfidence'>;

/** Why an event does not start the workflow. */
export type FilterReason =
	| 'type not selected'
	| 'too old'
	| 'ahead of the clock'
	| 'too far ahead of the clock'
	| 'other live mode'
	| 'confidence too low';

/**
 * Finds the first filter that excludes the event.
 *
 * @param now milliseconds since 1970
 */
export function findFilterReason(
	event: MindPeekerEvent,
	filters: Filters,
	now: number,
): FilterReason | undefined {
	if (!isChosen(event.type, filters.events)) return 'type not selected';
	return (
		checkAge(event, filters, now) ??
		checkLivemode(event, filters) ??
		checkConfidence(event, filters)
	);
}

/** An event whose time cannot be parsed passes, so that it is not lost. With an invalid age, the caller fails. */
function checkAge(
	{ created_at: createdAt }: MindPeekerEvent,
	{ maxEventAge }: Filters,
	now: number,
): FilterReason | undefined {
	const created = parseTime(createdAt);
	if (!(maxEventAge > 0) || Number.isNaN(created)) return undefined;
	if (now - created > maxEventAge * MINUTE_MS) return 'too old';
	const aheadMs = created - now - CLOCK_TOLERANCE_MS;
	if (aheadMs <= 0) return undefined;
	// Every retry would fail, and MindPeeker would then disable the webhook.
	return aheadMs >= LAST_ATTEMPT_MS ? 'too far ahead of the clock' : 'ahead of the clock';
}

function checkLivemode(event: MindPeekerEvent, { livemode }: Filters): FilterReason | undefined {
	if (livemode === 'all' || typeof event.livemode !== 'boolean') return undefined;
	return event.livemode === (livemode === 'live') ? undefined : 'other live mode';
}

function checkConfidence(
	{ data }: MindPeekerEvent,
	{ minimumConfidence }: Filters,
): FilterReason | undefined {
	const { confidence_score: score, confidence } = (data ?? {}) as Record<string, unknown>;
	const value = score ?? confidence;
	return typeof value === 'number' && value < minimumConfidence ? 'confidence too low' : undefined;
}
