import { NodeOperationError, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';

import { MindPeekerError } from '../../shared/mindPeekerError';
import { cancelSignalOf } from '../../shared/pause';
import { isTool } from '../../shared/tool';
import type { OperationResult, Writes } from '../operation';

/** What came of an item in an earlier try of the same run. */
export interface EarlierTry {
	/** It was done. */
	readonly result?: OperationResult;
	/** It may have been done, and must not be done twice. */
	readonly failure?: MindPeekerError;
	/** It may have been done, and can be done again. */
	readonly mayBeDone?: boolean;
}

const remembered = new WeakMap<object, Map<string, EarlierTry>>();

/**
 * The earlier tries of a run's items. With Retry On Fail, n8n runs the whole node again if one item has failed, in the
 * same process and with the same run index. What is remembered lives as long as the execution.
 */
export class EarlierTries {
	private constructor(
		private readonly ownerOf: (index: number) => object,
		private readonly run: string,
		private readonly isOfTool = false,
	) {}

	/** Those of the run that this context is for; undefined if n8n does not repeat it. */
	static of(context: IExecuteFunctions): EarlierTries | undefined {
		const { name, retryOnFail, type } = context.getNode();
		if (!retryOnFail) return undefined;
		if (isTool({ type })) {
			// The run index does not tell an agent's calls apart: each try may get another, and two calls the same one.
			const items = context.getInputData();
			return new EarlierTries((index) => (items[index] as INodeExecutionData).json, name, true);
		}
		// One per execution. Without it, n8n runs a node on its own, and never again.
		const signal = cancelSignalOf(context);
		const { $runIndex } = context.getWorkflowDataProxy(0);
		return signal && new EarlierTries(() => signal, `${String($runIndex)} ${name}`);
	}

	get(index: number): EarlierTry | undefined {
		return remembered.get(this.ownerOf(index))?.get(`${index} ${this.run}`);
	}

	/** A tool has one item, and n8n repeats its call only after a failure: the same item again is another call. */
	setDone(index: number, result: OperationResult): void {
		if (!this.isOfTool) this.set(index, { result });
	}

	set(index: number, earlierTry: EarlierTry): void {
		const owner = this.ownerOf(index);
		const tries = remembered.get(owner) ?? new Map<string, EarlierTry>();
		remembered.set(owner, tries.set(`${index} ${this.run}`, earlierTry));
	}
}

/** What to remember of a failure; undefined if the item was certainly not done, so that it can be tried again. */
export function afterFailure(writes: Writes, failure: Error): EarlierTry | undefined {
	const isCall = failure instanceof MindPeekerError;
	if (writes === 'nonIdempotent') {
		return isCall && failure.isOutcomeUnknown ? { failure } : undefined;
	}
	// An error that is neither a call's nor the node's may have interrupted the repetition of a call.
	const isRefused = isCall ? !failure.isOutcomeUnknown : failure instanceof NodeOperationError;
	return isRefused ? undefined : { mayBeDone: true };
}
