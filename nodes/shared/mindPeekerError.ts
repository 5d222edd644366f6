import {
	NodeApiError,
	NodeOperationError,
	type IExecuteFunctions,
	type IHookFunctions,
	type ILoadOptionsFunctions,
} from 'n8n-workflow';

import { describeFault, isOutcomeUnknown, type ApiFault } from './apiFault';

/** Where n8n lets a node call the API. */
export type ApiContext = IHookFunctions | ILoadOptionsFunctions | IExecuteFunctions;

/** A call that failed. In an execution its message says what happened, and its description what to do. */
export class MindPeekerError extends NodeApiError {
	constructor(
		thrownIn: ApiContext,
		readonly fault: ApiFault,
		/** Scheme and host of the base URL. */
		private readonly origin = '',
		itemIndex?: number,
	) {
		const { message: what, advice } = describeFault(fault, origin);
		const httpCode = fault.kind === 'refused' ? String(fault.status) : undefined;
		// Where a publication or a list fails, n8n shows the message and nothing else.
		const isInExecution = 'getInputData' in thrownIn;
		const message = isInExecution ? `${what}${nameOfItem(itemIndex)}` : `${what} ${advice}`;
		const description = isInExecution ? advice : undefined;
		super(thrownIn.getNode(), { message }, { message, description, httpCode, itemIndex });
		// n8n puts a text of its own in place of one with an error code somewhere in it, as an id may have.
		this.message = message;
	}

	/** The same for the item that it concerns. */
	forItem(context: ApiContext, index: number): MindPeekerError {
		return new MindPeekerError(context, this.fault, this.origin, index);
	}

	/** Whether the call may have had its effect all the same. */
	get isOutcomeUnknown(): boolean {
		return isOutcomeUnknown(this.fault);
	}

	/** The field that the service names as the reason, such as `events[0]`. */
	get param(): string | undefined {
		return this.fault.kind === 'refused' ? this.fault.param : undefined;
	}

	/** Whether the API itself, and nothing between n8n and it, answered with this status. */
	hasStatus(status: number): boolean {
		const { fault } = this;
		return fault.kind === 'refused' && fault.status === status && !fault.intermediary;
	}
}

/** An error of the node's own, with a message that n8n leaves as it is. */
export function operationError(
	context: ApiContext,
	message: string,
	options: { description?: string; itemIndex?: number },
): NodeOperationError {
	const error = new NodeOperationError(context.getNode(), message, options);
	error.message = message;
	return error;
}

/** Appended to a message, as n8n's guidelines ask for it. */
export function nameOfItem(index: number | undefined): string {
	return index === undefined ? '' : ` [item ${index}]`;
}
