import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type NodeApiError,
} from 'n8n-workflow';

import { MindPeekerError, nameOfItem, operationError } from '../../shared/mindPeekerError';
import { cancelSignalOf } from '../../shared/pause';
import type { Operation } from '../operation';
import { operationOf } from '../resources';
import { readPace } from './batching';
import { Connections, Item } from './item';
import { sideBySide } from './sideBySide';

/** Carries the chosen operation out for every item of the input, several at a time, and gives the output in order. */
export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const resource = context.getNodeParameter('resource', 0) as string;
	const operation = operationOf(resource, context.getNodeParameter('operation', 0) as string);
	const connections = new Connections(context);
	const pace = readPace(context);
	const outputs = await sideBySide(
		context.getInputData().length,
		operation.isOneAtATime ? { ...pace, atATime: 1 } : pace,
		async (index) => await outputOf(operation, new Item(context, index, connections)),
	);
	return outputs.flat();
}

async function outputOf(operation: Operation, item: Item): Promise<INodeExecutionData[]> {
	const pairedItem = { item: item.index };
	try {
		const result = await operation.run(item);
		return [result].flat().map((json: IDataObject) => ({ json, pairedItem }));
	} catch (failure) {
		const error = errorFor(item, failure as Error);
		const isStopped = cancelSignalOf(item.context)?.aborted;
		if (isStopped || !item.context.continueOnFail()) {
			item.connections.giveUp();
			throw error;
		}
		return [{ json: { error: error.message }, pairedItem }];
	}
}

/** Says of which item it is. */
function errorFor({ context, index }: Item, failure: Error): NodeApiError | NodeOperationError {
	if (failure instanceof MindPeekerError) return failure.forItem(context, index);
	const message = `${failure.message.replace(nameOfItem(index), '')}${nameOfItem(index)}`;
	const { description } = failure as { description?: string | null };
	const known = { itemIndex: index, description: description ?? undefined };
	if (failure instanceof NodeOperationError) return operationError(context, message, known);
	return new NodeOperationError(context.getNode(), failure, { ...known, message });
}
