import {
	NodeApiError,
	NodeOperationError,
	type IExecuteFunctions,
	type IHookFunctions,
	type ILoadOptionsFunctions,
} from 'n8n-workflow';

import { describeFault, isOutcomeUnknown, type ApiFault } from './apiFault';
import { isTool } from './tool';

/** A context in which n8n lets a node call the API. */
export type ApiContext = IHookFunctions | ILoadOptionsFunctions | IExecuteFunctions;

/** A call that failed. Its message says what happened, and its description what to do. */
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
		const texts = textsFor(thrownIn, what, advice, itemIndex);
		super(thrownIn.getNode(), { message: texts.message }, { ...texts, httpCode, itemIndex });
		// n8n replaces a message that contains an error code, which an id may do, and a description like the message.
		Object.assign(this, texts);
	}

	/** The same for the item that it concerns. */
	forItem(context: ApiContext, index: number | undefined): MindPeekerError {
		return new MindPeekerError(context, this.fault, this.origin, index);
	}

	/** Whether the call may have succeeded although it failed here. */
	get isOutcomeUnknown(): boolean {
		return isOutcomeUnknown(this.fault);
	}

	/** The field that the service names as the reason, such as `events[0]`. */
	get param(): string | undefined {
		return this.fault.kind === 'refused' ? this.fault.param : undefined;
	}

	/** What the service calls the error, and what it says of it. */
	get said(): string {
		const { code, serviceText } = this.fault as { code?: string; serviceText?: string };
		return [code, serviceText].join(' ');
	}

	/** Whether the API itself, and nothing between n8n and it, answered with this status. */
	hasStatus(status: number): boolean {
		const { fault } = this;
		return fault.kind === 'refused' && fault.status === status && !fault.intermediary;
	}
}

/** Any other failure, such as an invalid parameter. Its texts are like those of a `MindPeekerError`. */
export class MindPeekerOperationError extends NodeOperationError {
	// Private to JavaScript: n8n stores the fields of an error, and the texts are among them already.
	readonly #what: string;
	readonly #advice?: string;

	/** @param cause an error of n8n's, whose context the editor shows */
	constructor(
		thrownIn: ApiContext,
		{ what, advice, cause }: { what: string; advice?: string; cause?: Error },
		itemIndex?: number,
	) {
		const texts = textsFor(thrownIn, what, advice, itemIndex);
		super(thrownIn.getNode(), cause ?? texts.message, { itemIndex });
		// The editor knows n8n's own name.
		Object.assign(this, texts, { name: NodeOperationError.name });
		this.#what = what;
		this.#advice = advice;
	}

	/** The same for the item that it concerns. */
	forItem(context: ApiContext, index: number | undefined): MindPeekerOperationError {
		return new MindPeekerOperationError(context, { what: this.#what, advice: this.#advice }, index);
	}
}

/** Any failure as the error that n8n shows for the item; without an index, for none of them. */
export function errorFor(
	context: ApiContext,
	failure: Error,
	index?: number,
): MindPeekerError | MindPeekerOperationError {
	if (failure instanceof MindPeekerError) return failure.forItem(context, index);
	if (failure instanceof MindPeekerOperationError) return failure.forItem(context, index);
	const { description } = failure as { description?: string | null };
	const what = failure.message.replace(nameOfItem(index), '');
	// n8n returns an error of this class as it is, with its former texts.
	const cause = failure instanceof NodeOperationError ? undefined : failure;
	return new MindPeekerOperationError(
		context,
		{ what, advice: description ?? undefined, cause },
		index,
	);
}

interface Texts {
	readonly message: string;
	readonly description?: string;
}

/**
 * n8n shows both texts of a failed execution, and only the message of a failed publication or list. An AI agent gets one
 * of them: the message, or in older n8n the description.
 */
function textsFor(
	context: ApiContext,
	what: string,
	advice: string | undefined,
	itemIndex: number | undefined,
): Texts {
	const whole = advice === undefined ? what : `${what.replace(/[^.?!]$/, '$&.')} ${advice}`;
	if (!('getInputData' in context)) return { message: whole };
	const item = nameOfItem(itemIndex);
	if (!isTool(context.getNode())) return { message: `${what}${item}`, description: advice };
	return { message: `${whole}${item}`, description: `${whole}${item}` };
}

/** Appended to a message, as n8n's guidelines ask for it. */
function nameOfItem(index: number | undefined): string {
	return index === undefined ? '' : ` [item ${index}]`;
}
