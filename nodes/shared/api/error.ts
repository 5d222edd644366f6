import {
	NodeApiError,
	NodeOperationError,
	type IExecuteFunctions,
	type IHookFunctions,
	type ILoadOptionsFunctions,
	type INode,
} from 'n8n-workflow';

import { CHECK_URL, formatHost, type ApiFailure, type ErrorText } from './failure';
import { describeHttpFailure } from './httpErrors';
import { CHECK_URL_AND_FIREWALL } from './intermediary';
import { describeNetworkFailure, isUnsent } from './networkErrors';

/** The n8n contexts in which a node can call the API. */
export type ApiContext = IHookFunctions | ILoadOptionsFunctions | IExecuteFunctions;

/** A failed request. The message says what happened, the description what to do. */
export class MindPeekerApiError extends NodeApiError {
	/** @param origin scheme and host of the base URL */
	constructor(
		thrownIn: ApiContext,
		readonly apiFailure: ApiFailure,
		private readonly origin = '',
		itemIndex?: number,
	) {
		const httpCode = apiFailure.kind === 'http' ? String(apiFailure.status) : undefined;
		const texts = formatTexts(thrownIn, describeFailure(apiFailure, origin), itemIndex);
		super(thrownIn.getNode(), { message: texts.message }, { ...texts, httpCode, itemIndex });
		// n8n replaces messages that contain an error code, and drops a description that equals the message.
		Object.assign(this, texts);
	}

	/** Returns a copy of the error for an item. */
	forItem(context: ApiContext, index: number | undefined): MindPeekerApiError {
		return new MindPeekerApiError(context, this.apiFailure, this.origin, index);
	}

	/** Whether the request may have succeeded. */
	get isOutcomeUnknown(): boolean {
		return isOutcomeUnknown(this.apiFailure);
	}

	/** The rejected field, such as `events[0]`. */
	get param(): string | undefined {
		return this.apiFailure.kind === 'http' ? this.apiFailure.param : undefined;
	}

	/** The error code and message of the service. */
	get serviceText(): string {
		const { code, serviceText } = this.apiFailure as { code?: string; serviceText?: string };
		return [code, serviceText].join(' ');
	}

	/** Whether the API itself, not an intermediary, responded with this status. */
	hasStatus(status: number): boolean {
		const { apiFailure } = this;
		return apiFailure.kind === 'http' && apiFailure.status === status && !apiFailure.intermediary;
	}
}

/** Any other failure, such as an invalid parameter. Has the same texts as a `MindPeekerApiError`. */
export class MindPeekerOperationError extends NodeOperationError {
	// Private fields, because n8n stores all public fields of an error.
	readonly #message: string;
	readonly #hint?: string;

	/** @param cause an error of n8n; the editor shows its context */
	constructor(
		thrownIn: ApiContext,
		{ message, hint, cause }: Partial<ErrorText> & { message: string; cause?: Error },
		itemIndex?: number,
	) {
		const texts = formatTexts(thrownIn, { message, hint }, itemIndex);
		super(thrownIn.getNode(), cause ?? texts.message, { itemIndex });
		// The editor recognizes the error by n8n's class name.
		Object.assign(this, texts, { name: NodeOperationError.name });
		this.#message = message;
		this.#hint = hint;
	}

	/** Returns a copy of the error for an item. */
	forItem(context: ApiContext, index: number | undefined): MindPeekerOperationError {
		const texts = { message: this.#message, hint: this.#hint };
		return new MindPeekerOperationError(context, texts, index);
	}
}

/** Converts any error into one that n8n shows for the item. Without an index, it belongs to no item. */
export function toNodeError(
	context: ApiContext,
	error: Error,
	index?: number,
): MindPeekerApiError | MindPeekerOperationError {
	if (error instanceof MindPeekerApiError) return error.forItem(context, index);
	if (error instanceof MindPeekerOperationError) return error.forItem(context, index);
	const { description } = error as { description?: string | null };
	const message = error.message.replace(formatItemSuffix(index), '');
	// As a cause, n8n would return an error of this class unchanged.
	const cause = error instanceof NodeOperationError ? undefined : error;
	const texts = { message, hint: description ?? undefined, cause };
	return new MindPeekerOperationError(context, texts, index);
}

/** Whether a failed request may have succeeded. */
export function isOutcomeUnknown(failure: ApiFailure): boolean {
	switch (failure.kind) {
		case 'http':
			return failure.status >= 500;
		case 'network':
			return !isUnsent(failure.cause);
		default:
			return failure.kind === 'invalid-response';
	}
}

/**
 * Describes a failure without the word "Authorization", which stops n8n's retries at startup.
 *
 * @param origin scheme and host of the base URL
 */
export function describeFailure(failure: ApiFailure, origin: string): ErrorText {
	switch (failure.kind) {
		case 'no-base-url':
			return {
				message: 'The base URL in the MindPeeker credential is not an http or https URL.',
				hint: 'Enter a URL such as http://127.0.0.1:4010/v1.',
			};
		case 'network':
			return describeNetworkFailure(failure, origin);
		case 'invalid-response':
			return {
				message: `The server at ${formatHost(origin)} is not MindPeeker's API (${failure.problem}).`,
				hint:
					failure.hintIfUncertain ?? (failure.intermediary ? CHECK_URL_AND_FIREWALL : CHECK_URL),
			};
		case 'http':
			return describeHttpFailure(failure, origin);
	}
}

/**
 * n8n shows message and description of a failed execution, but only the message of a failed publication or list. An AI
 * agent sees the message, or in older versions the description.
 */
function formatTexts(
	context: ApiContext,
	{ message, hint }: { message: string; hint?: string },
	itemIndex: number | undefined,
): { message: string; description?: string } {
	const full = hint === undefined ? message : `${message.replace(/[^.?!]$/, '$&.')} ${hint}`;
	if (!('getInputData' in context)) return { message: full };
	const suffix = formatItemSuffix(itemIndex);
	if (!isToolNode(context.getNode())) return { message: `${message}${suffix}`, description: hint };
	return { message: `${full}${suffix}`, description: `${full}${suffix}` };
}

/** n8n's guidelines require this suffix. */
function formatItemSuffix(index: number | undefined): string {
	return index === undefined ? '' : ` [item ${index}]`;
}

/** Whether the node runs as a tool of an AI agent. n8n appends "Tool" to its type then. */
export function isToolNode({ type }: Pick<INode, 'type'>): boolean {
	return type.endsWith('Tool');
}
