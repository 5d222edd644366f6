import { NodeOperationError, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';

import { isToolNode, MindPeekerApiError } from '../../shared/api/error';
import { getCancelSignal } from '../../shared/api/retryPolicy';
import type { OperationResult, SideEffect } from '../operation';

/** The outcome of an item in a previous attempt. */
interface PreviousAttempt {
	/** The output, if the item succeeded. */
	readonly result?: OperationResult;
	/** The error, if the item may have succeeded but must not be repeated. */
	readonly error?: MindPeekerApiError;
	/** Set if the item may have succeeded and can be repeated. */
	readonly mayHaveSucceeded?: boolean;
}

/** By scope: the object that n8n keeps between the attempts of a run, and drops after them. */
const attemptsByScope = new WeakMap<object, Map<string, PreviousAttempt>>();

/**
 * The previous attempts of the items of a run. With Retry On Fail, n8n runs the whole node again if one item fails, in
 * the same process and with the same run index. Attempts are kept in memory as long as the execution.
 */
export class PreviousAttempts {
	private constructor(
		private readonly sideEffect: SideEffect,
		private readonly getScope: (index: number) => object,
		private readonly runKey: string,
		private readonly isTool = false,
	) {}

	/** Returns undefined if n8n does not repeat this run. */
	static forRun(context: IExecuteFunctions, sideEffect: SideEffect): PreviousAttempts | undefined {
		const { name, retryOnFail, type } = context.getNode();
		if (!retryOnFail) return undefined;
		if (isToolNode({ type })) {
			// The run index does not identify an agent's call: a retry may get another one, and two calls the same one.
			const items = context.getInputData();
			const getItem = (index: number) => (items[index] as INodeExecutionData).json;
			return new PreviousAttempts(sideEffect, getItem, name, true);
		}
		// Each execution has one signal. Without a signal, n8n runs the node alone and never repeats it.
		const signal = getCancelSignal(context);
		const { $runIndex } = context.getWorkflowDataProxy(0);
		return signal && new PreviousAttempts(sideEffect, () => signal, `${String($runIndex)} ${name}`);
	}

	get(index: number): PreviousAttempt | undefined {
		return attemptsByScope.get(this.getScope(index))?.get(`${index} ${this.runKey}`);
	}

	/** A tool has one item, and n8n repeats its call only after an error. So the same item again is a new call. */
	recordSuccess(index: number, result: OperationResult): void {
		if (!this.isTool) this.set(index, { result });
	}

	recordFailure(index: number, error: Error): void {
		const attempt = toPreviousAttempt(this.sideEffect, error);
		if (attempt) this.set(index, attempt);
	}

	private set(index: number, attempt: PreviousAttempt): void {
		const scope = this.getScope(index);
		const attempts = attemptsByScope.get(scope) ?? new Map<string, PreviousAttempt>();
		attemptsByScope.set(scope, attempts.set(`${index} ${this.runKey}`, attempt));
	}
}

/** Returns undefined if the item certainly failed, so that it can be repeated. */
export function toPreviousAttempt(
	sideEffect: SideEffect,
	error: Error,
): PreviousAttempt | undefined {
	const isApiError = error instanceof MindPeekerApiError;
	if (sideEffect === 'nonIdempotent') {
		return isApiError && error.isOutcomeUnknown ? { error } : undefined;
	}
	// Any other error may have interrupted the retries of a request.
	const isRejected = isApiError ? !error.isOutcomeUnknown : error instanceof NodeOperationError;
	return isRejected ? undefined : { mayHaveSucceeded: true };
}
