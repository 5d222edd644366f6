import { sleep, type Logger } from 'n8n-workflow';

import { formatMessage, memoizePerNode, sanitize, type LogContext } from '../nodeContext';
import type { FilterReason } from '../webhook/filters';

/** What happened to a delivery. */
export type Outcome =
	/** n8n has stored an execution with the event. */
	| 'accepted'
	/** The event was accepted before. */
	| 'duplicate'
	/** The signature is valid, but a filter excludes the event. */
	| 'ignored'
	/** The event is from the future. A retry may be accepted. */
	| 'future timestamp'
	/** n8n responded with an error. MindPeeker will retry. */
	| 'not accepted'
	/** The request used the path of the other choice of Acknowledge. */
	| 'wrong path'
	| 'forbidden'
	| 'invalid signature'
	| 'malformed'
	/** The trigger failed to check the delivery. */
	| 'error';

/** What the log shows of a delivery. It contains no event data except the id and the type. */
export interface DeliveryRecord {
	readonly outcome: Outcome;
	/** Set after the signature was verified. */
	readonly event?: { readonly id: string; readonly type: string };
	readonly reason?: string;
	/** How an accepted event differs from the documented format. */
	readonly warnings?: readonly string[];
	/** The sender's address, as n8n reports it. */
	readonly address?: string;
	/** The HTTP status of the response. */
	readonly status: number;
	/** Time from the request to the response. */
	readonly durationMs: number;
	/** More details, if the option Debug is on. */
	readonly debugInfo?: readonly string[];
}

type Level = 'debug' | 'info' | 'warn' | 'error';

const LEVELS: Record<Outcome, Level> = {
	accepted: 'info',
	duplicate: 'info',
	ignored: 'info',
	'future timestamp': 'warn',
	'not accepted': 'warn',
	'wrong path': 'warn',
	forbidden: 'warn',
	'invalid signature': 'warn',
	malformed: 'warn',
	error: 'error',
};

/** Maximum number of log entries per minute. Further deliveries are only counted. */
const MAX_ENTRIES: Partial<Record<Outcome, number>> = {
	// n8n runs an execution for each of these.
	accepted: Infinity,
	// These have a valid signature, so only MindPeeker or a replay can cause them.
	duplicate: 1_000,
	ignored: 1_000,
	'not accepted': 1_000,
};
const DEFAULT_MAX_ENTRIES = 20;

const SUMMARY_INTERVAL_MS = 60_000;
/** The median and the 99th percentile are those of the first deliveries of a minute. */
const MAX_DURATIONS = 10_000;

/** Logs each delivery, and a summary after each minute with deliveries. */
export class DeliveryLogger {
	private summary?: MinuteSummary;

	constructor(private readonly logger: Logger) {}

	log(record: DeliveryRecord, context: LogContext): void {
		this.summary ??= this.startMinute(context);
		const { isSuppressed, isLast } = this.summary.add(record);
		if (isSuppressed) return;
		const note = isLast
			? ' Further deliveries with this outcome are counted, not logged, until the minute ends.'
			: '';
		const { message, metadata } = formatEntry(record, context);
		this.logger[getLevel(record)](message + note, metadata);
	}

	private startMinute(context: LogContext): MinuteSummary {
		const summary = new MinuteSummary();
		const logSummary = () => {
			this.summary = undefined;
			const { text, metadata } = summary.format();
			this.logger.info(formatMessage(text, context), { ...context, ...metadata });
		};
		// An unhandled rejection would end n8n's process.
		void sleep(SUMMARY_INTERVAL_MS)
			.then(logSummary)
			.catch(() => {});
		return summary;
	}
}

/** Counts the deliveries of one minute. */
class MinuteSummary {
	private readonly counts = new Map<Outcome, number>();
	private readonly durations: number[] = [];
	private maxMs = 0;
	private suppressed = 0;

	add({ outcome, durationMs }: DeliveryRecord): { isSuppressed: boolean; isLast: boolean } {
		const count = (this.counts.get(outcome) ?? 0) + 1;
		this.counts.set(outcome, count);
		if (this.durations.length < MAX_DURATIONS) this.durations.push(durationMs);
		this.maxMs = Math.max(this.maxMs, durationMs);
		const maxEntries = MAX_ENTRIES[outcome] ?? DEFAULT_MAX_ENTRIES;
		const isSuppressed = count > maxEntries;
		if (isSuppressed) this.suppressed++;
		return { isSuppressed, isLast: count === maxEntries };
	}

	format(): { text: string; metadata: Record<string, unknown> } {
		const { suppressed } = this;
		const outcomes = Object.fromEntries(this.counts);
		const counts = [...this.counts].map(([outcome, count]) => `${count} ${outcome}`).join(', ');
		const total = [...this.counts.values()].reduce((sum, count) => sum + count, 0);
		const sorted = this.durations.sort((one, other) => one - other);
		const [medianMs, p99Ms] = [getPercentile(sorted, 50), getPercentile(sorted, 99)];
		const maxMs = Math.round(this.maxMs);
		const times = `response times: median ${medianMs} ms, p99 ${p99Ms} ms, maximum ${maxMs} ms`;
		const note = suppressed > 0 ? `; ${suppressed} of them not logged individually` : '';
		return {
			text: `${total} deliveries in the last minute: ${counts}; ${times}${note}`,
			metadata: { outcomes, suppressed, medianMs, p99Ms, maxMs },
		};
	}
}

function getPercentile(sorted: readonly number[], percent: number): number {
	return Math.round(sorted[Math.ceil((sorted.length * percent) / 100) - 1] as number);
}

/** The message repeats the metadata, because n8n's plain text log shows only the message. */
function formatEntry(
	record: DeliveryRecord,
	context: LogContext,
): { message: string; metadata: Record<string, unknown> } {
	const { outcome, event, status, debugInfo = [], warnings = [] } = record;
	const durationMs = Math.round(record.durationMs);
	const reason = record.reason && sanitize(record.reason);
	const address = record.address === undefined ? undefined : sanitize(record.address);
	const subject = event
		? `${sanitize(event.type)} ${sanitize(event.id)}`
		: `delivery from ${address ?? 'an unknown address'}`;
	const title = reason ? `${outcome} (${reason})` : outcome;
	const details = [...warnings, ...debugInfo].map((detail) => `; ${sanitize(detail)}`).join('');
	const text = `${title}: ${subject}, response ${status} in ${durationMs} ms${details}`;
	const eventFields = { eventId: event?.id, eventType: event?.type };
	const fields = { outcome, reason, ...eventFields, address, status, durationMs };
	return {
		message: formatMessage(text, context),
		metadata: { ...context, ...fields, ...(warnings.length > 0 && { warnings }) },
	};
}

/** The owner of a workflow may not expect that an event's time can exclude it. */
const UNEXPECTED_REASONS: ReadonlySet<FilterReason> = new Set([
	'too old',
	'too far ahead of the clock',
]);

function getLevel({ outcome, reason, warnings = [] }: DeliveryRecord): Level {
	const isUnexpected = UNEXPECTED_REASONS.has(reason as FilterReason) || warnings.length > 0;
	return isUnexpected ? 'warn' : LEVELS[outcome];
}

export const getDeliveryLogger = memoizePerNode(({ logger }) => new DeliveryLogger(logger));
