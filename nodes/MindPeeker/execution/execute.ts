import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { isBlank, toNumber } from '../../shared/values';
import { toNodeError, MindPeekerOperationError } from '../../shared/api/error';
import { getCancelSignal, sleep } from '../../shared/api/retryPolicy';
import { DEFAULT_CONCURRENCY, type Operation, type OperationResult } from '../operation';
import { findOperation } from '../resources';
import { Accounts } from './account';
import { Item } from './item';
import { PreviousAttempts } from './previousAttempts';

/** Runs the selected operation for each input item, several at a time. Returns the output in the order of the input. */
export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const settings = readSettings(context);
	if ('error' in settings) return failAllItems(context, settings.error);
	const { operation, options } = settings;
	const accounts = new Accounts(context);
	const attempts = operation.sideEffect && PreviousAttempts.forRun(context, operation.sideEffect);
	const outputs = await runConcurrently(
		context.getInputData().length,
		options,
		async (index) => await runItem(operation, new Item(context, index, accounts), attempts),
	);
	return outputs.flat();
}

/** The settings that apply to all items. */
function readSettings(
	context: IExecuteFunctions,
): { operation: Operation; options: ConcurrencyOptions } | { error: Error } {
	try {
		const operation = findOperation(context);
		const options = readBatching(context);
		return { operation, options: operation.sequential ? { ...options, concurrency: 1 } : options };
	} catch (error) {
		return { error: error as Error };
	}
}

/** @throws {NodeOperationError} if an expression returns something that is not a number */
function readBatching(context: IExecuteFunctions): ConcurrencyOptions {
	const batch = context.getNodeParameter('options.batching.batch', 0, {}) as IDataObject;
	const size = readNumber(context, batch.batchSize, DEFAULT_CONCURRENCY, 'Items per Batch');
	return {
		concurrency: size < 0 ? Infinity : Math.max(1, Math.floor(size)),
		intervalMs: readNumber(context, batch.batchInterval, 0, 'Batch Interval'),
		signal: getCancelSignal(context),
	};
}

function readNumber(
	context: IExecuteFunctions,
	value: unknown,
	defaultValue: number,
	title: string,
): number {
	const number = isBlank(value) ? defaultValue : toNumber(value);
	if (Number.isFinite(number)) return number;
	const hint = 'Correct it under Batching, then try again.';
	throw new MindPeekerOperationError(context, { message: `${title} must be a number`, hint });
}

/** If this threw with On Error: error output, n8n would send all items to the success branch. */
function failAllItems(context: IExecuteFunctions, error: Error): INodeExecutionData[] {
	if (!context.continueOnFail()) throw toNodeError(context, error);
	return context.getInputData().map((_, index) => toErrorOutput(context, error, index));
}

async function runItem(
	operation: Operation,
	item: Item,
	attempts: PreviousAttempts | undefined,
): Promise<INodeExecutionData[]> {
	try {
		const result = await runOnce(operation, item, attempts);
		return [result].flat().map((json: IDataObject) => ({ json, pairedItem: { item: item.index } }));
	} catch (error) {
		const isCancelled = getCancelSignal(item.context)?.aborted;
		if (!isCancelled && item.context.continueOnFail()) {
			return [toErrorOutput(item.context, error as Error, item.index)];
		}
		item.accounts.abort();
		throw toNodeError(item.context, error as Error, item.index);
	}
}

/** Runs the operation, unless the item succeeded or may have succeeded in a previous attempt. */
async function runOnce(
	operation: Operation,
	item: Item,
	attempts: PreviousAttempts | undefined,
): Promise<OperationResult> {
	if (!attempts) return await operation.run(item);
	const previous = attempts.get(item.index) ?? {};
	if (previous.result) return previous.result;
	if (previous.error) throw previous.error;
	item.mayHaveSucceeded = previous.mayHaveSucceeded ?? false;
	const result = await operation.run(item).catch((error: Error) => {
		attempts.recordFailure(item.index, error);
		throw error;
	});
	attempts.recordSuccess(item.index, result);
	return result;
}

/** n8n adds the fields of the input item and sends this to the error output, if there is one. */
function toErrorOutput(context: IExecuteFunctions, error: Error, item: number): INodeExecutionData {
	return { json: { error: toNodeError(context, error, item).message }, pairedItem: { item } };
}

interface ConcurrencyOptions {
	/** The maximum number of tasks that run at the same time. */
	readonly concurrency: number;
	/** The time in milliseconds between two batches. With 0, a task starts as soon as another one ends. */
	readonly intervalMs: number;
	/** Aborts the wait between two batches. */
	readonly signal?: AbortSignal;
}

/**
 * Runs a task for each index and returns the results in order. After an error no further task starts. The first error
 * is thrown when all running tasks have ended.
 */
export async function runConcurrently<T>(
	count: number,
	{ concurrency, intervalMs, signal }: ConcurrencyOptions,
	task: (index: number) => Promise<T>,
): Promise<T[]> {
	const results: T[] = [];
	if (intervalMs <= 0) {
		await runRange(0, count, concurrency, task, results);
		return results;
	}
	for (let start = 0; start < count; start += concurrency) {
		if (start > 0) await sleep(intervalMs, signal);
		await runRange(start, Math.min(start + concurrency, count), concurrency, task, results);
	}
	return results;
}

async function runRange<T>(
	start: number,
	end: number,
	concurrency: number,
	task: (index: number) => Promise<T>,
	results: T[],
): Promise<void> {
	let next = start;
	const errors: unknown[] = [];
	async function runWorker(): Promise<void> {
		while (next < end && errors.length === 0) {
			const index = next++;
			try {
				results[index] = await task(index);
			} catch (error) {
				errors.push(error);
			}
		}
	}
	const workers = Math.min(concurrency, end - start);
	await Promise.all(Array.from({ length: workers }, runWorker));
	if (errors.length > 0) throw errors[0];
}
