import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { isBlank } from '../../shared/blank';
import { MindPeekerOperationError } from '../../shared/mindPeekerError';
import { toNumber } from '../../shared/number';
import { cancelSignalOf } from '../../shared/pause';
import type { Pace } from './sideBySide';

const ITEMS_AT_A_TIME = 50;

/** As n8n's HTTP Request has it. */
export const batching: INodeProperties = {
	displayName: 'Batching',
	name: 'batching',
	placeholder: 'Add Batching',
	type: 'fixedCollection',
	typeOptions: { multipleValues: false },
	default: { batch: {} },
	options: [
		{
			displayName: 'Batching',
			name: 'batch',
			values: [
				{
					displayName: 'Items per Batch',
					name: 'batchSize',
					type: 'number',
					typeOptions: { minValue: -1 },
					default: ITEMS_AT_A_TIME,
					description:
						'How many items are sent side by side. -1 for all at once, 0 will be treated as 1.',
				},
				{
					displayName: 'Batch Interval (Ms)',
					name: 'batchInterval',
					type: 'number',
					typeOptions: { minValue: 0 },
					default: 1000,
					description: 'Time (in milliseconds) between each batch of requests. 0 for disabled.',
				},
			],
		},
	],
};

/** @throws {NodeOperationError} if an expression returns something that is not a number */
export function readPace(context: IExecuteFunctions): Pace {
	const batch = context.getNodeParameter('options.batching.batch', 0, {}) as IDataObject;
	const { batchSize, batchInterval } = batch;
	const atATime = Math.floor(numberOf(context, batchSize, ITEMS_AT_A_TIME, 'Items per Batch'));
	return {
		atATime: atATime < 0 ? Infinity : Math.max(1, atATime),
		intervalMs: numberOf(context, batchInterval, 0, 'Batch Interval'),
		signal: cancelSignalOf(context),
	};
}

function numberOf(
	context: IExecuteFunctions,
	value: unknown,
	whenBlank: number,
	title: string,
): number {
	const number = isBlank(value) ? whenBlank : toNumber(value);
	if (Number.isFinite(number)) return number;
	const advice = 'Correct it under Batching, then try again.';
	throw new MindPeekerOperationError(context, { what: `${title} is not a number`, advice });
}
