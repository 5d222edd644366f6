import type { Attempt, Delivery, RecordedRequest } from './index.mts';
import { succeeded } from './delivery/delivery.mts';

/** One line about an attempt, such as `10:30:00  session.completed evt_… attempt 1: 200 in 12 ms`. */
export function attemptLine(attempt: Attempt, { eventType, eventId, url }: Delivery): string {
	const { number, copy, status, error, durationMs, endedAt } = attempt;
	const name = copy === 0 ? `attempt ${number}` : `copy ${copy} of attempt ${number}`;
	const outcome = error ?? String(status);
	const mark = succeeded(attempt) ? 'ok' : 'failed';
	return `${clockTime(endedAt)}  ${eventType} ${eventId} ${name} ${mark}: ${outcome} in ${durationMs} ms, ${url}`;
}

/** One line about a call of the management API. */
export function requestLine({ at, method, path, status, fault }: RecordedRequest): string {
	const outcome = status ?? 'no answer';
	return `${clockTime(at)}  ${method} ${path}: ${outcome}${fault ? ` (fault "${fault}")` : ''}`;
}

function clockTime(iso: string): string {
	return new Date(iso).toTimeString().slice(0, 8);
}
