// The records in n8n's database for the setting `durable` of Deduplication.
import { sleep, type IExecuteFunctions } from 'n8n-workflow';

import { createNodeLogger } from '../nodeContext';

/** Number of events that n8n's database keeps for each node. */
export const MAX_STORED_EVENTS = 1_000;
const KEYS_PER_EVENT = 2;
const REWRITE_INTERVAL_MS = 500;
/** Assumed maximum time between another process's read and its write. */
const CONFIRM_AFTER_MS = 3_000;
/** Half of the capacity of n8n's store (keys, not events), because rewritten keys push out older ones. */
const MAX_UNCONFIRMED = 1_000;

/** The events of one execution. */
export interface ExecutionEvents {
	readonly eventIds: ReadonlySet<string>;
	readonly context: IExecuteFunctions;
	/** Whether other processes may write at the same time, as workers do. */
	readonly hasConcurrentWriters: boolean;
}

/** Records processed events in n8n's database and finds those that another execution has processed. */
export class ProcessedEventStore {
	private readonly unconfirmed = new UnconfirmedWrites();
	private isRewriting = false;
	// n8n loses records if two calls of one process overlap.
	private readonly recordCoalesced = coalesce(
		async (executions: ExecutionEvents[]) => await this.recordAll(executions),
	);

	/** Returns the ids of the events that the execution should process. */
	async record(execution: ExecutionEvents): Promise<ReadonlySet<string>> {
		try {
			return await this.recordCoalesced(execution);
		} finally {
			void this.rewriteUntilPersisted(execution.context);
		}
	}

	/** Duplicates are recorded, too: if n8n runs their execution again, it processes them. */
	private async recordAll(executions: ExecutionEvents[]): Promise<Array<ReadonlySet<string>>> {
		const rewritten = this.unconfirmed.keys();
		const keys = executions.flatMap(getKeys);
		const unconfirmed = executions
			.filter(({ hasConcurrentWriters }) => hasConcurrentWriters)
			.flatMap(getKeys);
		try {
			const missing = await writeKeys(executions[0] as ExecutionEvents, [...keys, ...rewritten]);
			const newKeys = new Set([...missing].filter((key) => !this.unconfirmed.has(key)));
			this.unconfirmed.confirm(rewritten, (key) => missing.has(key), performance.now());
			return executions.map((execution) => selectEvents(execution, newKeys));
		} finally {
			// Also after an error: n8n rejects one of two first writes that happen at the same time.
			this.unconfirmed.add(unconfirmed, performance.now());
		}
	}

	/** Restores lost keys even if no further execution writes. */
	private async rewriteUntilPersisted(context: IExecuteFunctions): Promise<void> {
		if (this.isRewriting) return;
		this.isRewriting = true;
		try {
			while (this.unconfirmed.size > 0) {
				await sleep(REWRITE_INTERVAL_MS);
				await this.recordCoalesced({ eventIds: new Set(), context, hasConcurrentWriters: false });
			}
		} catch (error) {
			const problem = 'Could not record the latest events again';
			createNodeLogger(context)('warn', `${problem}: ${(error as Error).message}`);
		} finally {
			this.isRewriting = false;
		}
	}
}

/** Returns the keys that were missing. */
async function writeKeys({ context }: ExecutionEvents, keys: string[]): Promise<Set<string>> {
	const { new: missing } = await context.helpers.checkProcessedAndRecord(
		[...new Set(keys)],
		'node',
		{ mode: 'entries', maxEntries: MAX_STORED_EVENTS * KEYS_PER_EVENT },
	);
	return new Set(missing.map(String));
}

/**
 * An execution processes an event if the event is new, or if this execution has recorded it before. Of several
 * executions in one call, the first one gets the event.
 */
function selectEvents(execution: ExecutionEvents, newKeys: Set<string>): ReadonlySet<string> {
	const selected = new Set<string>();
	for (const id of execution.eventIds) {
		const isNew = newKeys.has(getEventKey(id));
		const hasRecorded = !newKeys.has(getExecutionKey(id, execution));
		if (isNew || hasRecorded) selected.add(id);
		// For the next execution, the event is no longer new.
		newKeys.delete(getEventKey(id));
	}
	return selected;
}

function getKeys(execution: ExecutionEvents): string[] {
	return [...execution.eventIds].flatMap((id) => [getEventKey(id), getExecutionKey(id, execution)]);
}

/** The trailing bar distinguishes it from the execution key of another event. */
function getEventKey(eventId: string): string {
	return `${eventId}|`;
}

function getExecutionKey(eventId: string, { context }: ExecutionEvents): string {
	return `${getEventKey(eventId)}${context.getExecutionId()}`;
}

/**
 * Keys that another process may have overwritten. n8n reads the stored keys, adds to them and writes them back
 * without a lock. Each call therefore writes these keys again, until they are found to be stored.
 */
export class UnconfirmedWrites {
	private readonly writtenAt = new Map<string, number>();

	get size(): number {
		return this.writtenAt.size;
	}

	has(key: string): boolean {
		return this.writtenAt.has(key);
	}

	keys(): string[] {
		return [...this.writtenAt.keys()];
	}

	add(keys: Iterable<string>, now: number): void {
		for (const key of keys) this.writtenAt.set(key, now);
		for (const oldest of this.writtenAt.keys()) {
			if (this.writtenAt.size <= MAX_UNCONFIRMED) break;
			this.writtenAt.delete(oldest);
		}
	}

	/** Drops the keys that have been stored for long enough. A key that was missing starts over. */
	confirm(keys: readonly string[], wasMissing: (key: string) => boolean, now: number): void {
		for (const key of keys) {
			if (wasMissing(key)) this.writtenAt.set(key, now);
			else if (now - (this.writtenAt.get(key) ?? 0) >= CONFIRM_AFTER_MS) this.writtenAt.delete(key);
		}
	}
}

/** Prevents overlapping calls: values that arrive during a call are passed together to the next one. */
export function coalesce<T, R>(call: (values: T[]) => Promise<R[]>): (value: T) => Promise<R> {
	interface Waiter {
		readonly value: T;
		readonly resolve: (result: R) => void;
		readonly reject: (error: unknown) => void;
	}
	let waiting: Waiter[] = [];
	let isRunning = false;

	async function run(): Promise<void> {
		isRunning = true;
		while (waiting.length > 0) {
			const batch = waiting;
			waiting = [];
			try {
				const results = await call(batch.map(({ value }) => value));
				batch.forEach(({ resolve }, index) => resolve(results[index] as R));
			} catch (error) {
				batch.forEach(({ reject }) => reject(error));
			}
		}
		isRunning = false;
	}

	return async (value) =>
		await new Promise((resolve, reject) => {
			waiting.push({ value, resolve, reject });
			if (!isRunning) void run();
		});
}
