import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { errorFor } from '../../shared/mindPeekerError';
import { cancelSignalOf } from '../../shared/pause';
import type { Operation, OperationResult } from '../operation';
import { operationOf } from '../resources';
import { readPace } from './batching';
import { Connections } from './connections';
import { afterFailure, EarlierTries } from './earlierTries';
import { Item } from './item';
import { sideBySide, type Pace } from './sideBySide';

/** Runs the chosen operation for every item of the input, several at a time, and returns the output in order. */
export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const prepared = prepare(context);
	if ('failure' in prepared) return failEachItem(context, prepared.failure);
	const { operation, pace } = prepared;
	const connections = new Connections(context);
	const tries = EarlierTries.of(context);
	const outputs = await sideBySide(
		context.getInputData().length,
		operation.isOneAtATime ? { ...pace, atATime: 1 } : pace,
		async (index) => await outputOf(operation, new Item(context, index, connections), tries),
	);
	return outputs.flat();
}

/** What all items have in common. */
function prepare(
	context: IExecuteFunctions,
): { operation: Operation; pace: Pace } | { failure: Error } {
	try {
		return { operation: operationOf(context), pace: readPace(context) };
	} catch (error) {
		return { failure: error as Error };
	}
}

/** If an error is thrown, n8n sends all items out by the success branch, also with On Error: error output. */
function failEachItem(context: IExecuteFunctions, failure: Error): INodeExecutionData[] {
	if (!context.continueOnFail()) throw errorFor(context, failure);
	return context.getInputData().map((_, index) => outputOfFailure(context, failure, index));
}

async function outputOf(
	operation: Operation,
	item: Item,
	tries: EarlierTries | undefined,
): Promise<INodeExecutionData[]> {
	try {
		const result = await runOnce(operation, item, tries);
		return [result].flat().map((json: IDataObject) => ({ json, pairedItem: { item: item.index } }));
	} catch (error) {
		const isStopped = cancelSignalOf(item.context)?.aborted;
		if (!isStopped && item.context.continueOnFail()) {
			return [outputOfFailure(item.context, error as Error, item.index)];
		}
		item.connections.giveUp();
		throw errorFor(item.context, error as Error, item.index);
	}
}

/** Runs the operation, unless an earlier try has done the item, or may have. */
async function runOnce(
	{ run, writes }: Operation,
	item: Item,
	tries: EarlierTries | undefined,
): Promise<OperationResult> {
	if (!tries || !writes) return await run(item);
	const { result, failure, mayBeDone = false } = tries.get(item.index) ?? {};
	if (result) return result;
	if (failure) throw failure;
	item.mayBeDone = mayBeDone;
	const done = await run(item).catch((error: Error) => {
		const earlierTry = afterFailure(writes, error);
		if (earlierTry) tries.set(item.index, earlierTry);
		throw error;
	});
	tries.setDone(item.index, done);
	return done;
}

/** n8n sends this out by the error output, if there is one, with the fields of the input item. */
function outputOfFailure(
	context: IExecuteFunctions,
	failure: Error,
	item: number,
): INodeExecutionData {
	return { json: { error: errorFor(context, failure, item).message }, pairedItem: { item } };
}
