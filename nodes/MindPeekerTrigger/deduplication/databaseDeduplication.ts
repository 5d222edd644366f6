// Implements the setting `durable` of Deduplication, in addition to `seenEvents.ts`.
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { RESPONSE_TIMEOUT_MS } from '../../shared/retrySchedule';
import { createNodeLogger, memoizePerNode } from '../nodeContext';
import type { Settings } from '../settings';
import { ProcessedEventStore } from './processedEventStore';

/**
 * Drops the items whose event was processed by another execution, according to n8n's database. An execution that
 * runs again keeps its events. If the database fails, all items pass: a duplicate is better than a lost event.
 */
export async function dropDuplicates(
	context: IExecuteFunctions,
	items: INodeExecutionData[],
	{ deduplication }: Pick<Settings, 'deduplication'>,
): Promise<INodeExecutionData[]> {
	const isProduction = context.getMode() === 'webhook';
	if (!isProduction || deduplication !== 'durable') return items;

	const eventIds = new Set(items.map(({ json }) => String(json.id)));
	const events = items.map(({ json }) => json);
	// MindPeeker retries until n8n accepts the event. If it were recorded before, a retry after a crash would be dropped.
	await waitForAcceptance(events);
	try {
		const hasConcurrentWriters = wereReceivedByOtherProcess(events);
		const store = getProcessedEventStore(context);
		const newIds = new Set(await store.record({ eventIds, context, hasConcurrentWriters }));
		return items.filter(({ json }) => {
			const isNew = newIds.delete(String(json.id));
			if (!isNew) logDuplicate(context, json);
			return isNew;
		});
	} catch (error) {
		const problem = `Processing ${items.length} events without a check for duplicates`;
		createNodeLogger(context)('warn', `${problem}: ${(error as Error).message}`);
		return items;
	}
}

/** A duplicate that `SeenEvents` cannot know: it reached another process, or this one before a restart. */
function logDuplicate(context: IExecuteFunctions, { id, type }: IDataObject): void {
	const executionId = context.getExecutionId();
	createNodeLogger(context)(
		'info',
		`duplicate: ${type} ${id} was processed by an earlier execution. Execution ${executionId} drops it.`,
		{ outcome: 'duplicate', eventId: id, eventType: type, executionId },
	);
}

const getProcessedEventStore = memoizePerNode(() => new ProcessedEventStore());

// The key is the event object, not its id: an execution from before a restart must not wait for a later delivery
// of the same event. That delivery may itself wait for the execution to finish.
const acceptances = new WeakMap<object, Promise<boolean>>();

/** Stores whether n8n accepts the event. For a batch, this resolves when the response to its first delivery ends. */
export function trackAcceptance(event: object, isAccepted: Promise<boolean>): void {
	acceptances.set(event, isAccepted);
}

/** Resolves once n8n has accepted or rejected these events, or MindPeeker has timed out. */
async function waitForAcceptance(events: readonly object[]): Promise<void> {
	const pending = events.flatMap((event) => acceptances.get(event) ?? []);
	if (pending.length === 0) return;
	// Unlike setTimeout, this timer does not keep the process alive.
	const timeout = AbortSignal.timeout(RESPONSE_TIMEOUT_MS);
	const timedOut = new Promise((resolve) => timeout.addEventListener('abort', resolve));
	await Promise.race([Promise.all(pending), timedOut]);
}

/** Whether another process received some of the events. In n8n's queue mode, a worker receives none itself. */
export function wereReceivedByOtherProcess(events: readonly object[]): boolean {
	return events.some((event) => !acceptances.has(event));
}
