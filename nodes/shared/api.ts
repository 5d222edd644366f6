import {
	NodeApiError,
	type IDataObject,
	type IExecuteFunctions,
	type IHookFunctions,
	type IHttpRequestMethods,
	type IN8nHttpFullResponse,
} from 'n8n-workflow';

import { describeFault, isOutcomeUnknown, type ApiFault } from './apiFault';
import { baseUrlOf } from './environments';

export const CREDENTIAL = 'mindPeekerApi';

const REQUEST_TIMEOUT_MS = 10_000;

type Context = IHookFunctions | IExecuteFunctions;

export interface Call {
	method: IHttpRequestMethods;
	/** Below the base url, with a slash in front. */
	path: string;
	query?: IDataObject;
	body?: IDataObject;
	/** Statuses beside 2xx that are no fault. */
	accept?: number[];
}

/** A call that failed, with the text for the user as its message. */
export class MindPeekerError extends NodeApiError {
	constructor(
		context: Context,
		readonly fault: ApiFault,
		host = '',
	) {
		const message = describeFault(fault, host);
		const httpCode = fault.kind === 'refused' ? String(fault.status) : undefined;
		super(context.getNode(), { message }, { message, httpCode });
	}

	/** Whether the call may have had its effect all the same. */
	get isOutcomeUnknown(): boolean {
		return isOutcomeUnknown(this.fault);
	}

	hasStatus(status: number): boolean {
		return this.fault.kind === 'refused' && this.fault.status === status;
	}
}

/** MindPeeker's API, as the credential of a node reaches it: the one place that speaks HTTP. */
export class ApiConnection {
	private constructor(
		private readonly context: Context,
		private readonly baseUrl: string,
	) {}

	/** @throws {MindPeekerError} where the credential has no usable base url */
	static async connect(context: Context): Promise<ApiConnection> {
		const baseUrl = baseUrlOf(await context.getCredentials(CREDENTIAL));
		if (URL.canParse(baseUrl)) return new ApiConnection(context, baseUrl);
		throw new MindPeekerError(context, { kind: 'no-base-url' });
	}

	/**
	 * Gives the body of the answer.
	 *
	 * @throws {MindPeekerError} where no answer comes, or one that says no
	 */
	async call(call: Call): Promise<unknown> {
		const { statusCode, body, headers } = await this.send(call);
		const isFine = (statusCode >= 200 && statusCode < 300) || call.accept?.includes(statusCode);
		if (isFine) return body;
		throw this.error({
			kind: 'refused',
			status: statusCode,
			serviceText: serviceTextOf(body, call.body),
			retryAfter: headers['retry-after'] as string | undefined,
		});
	}

	/** For an answer whose status is good and whose content is not. */
	unintelligible(detail: string): MindPeekerError {
		return this.error({ kind: 'unintelligible', detail });
	}

	private async send({ method, path, query, body }: Call): Promise<IN8nHttpFullResponse> {
		try {
			return (await this.context.helpers.httpRequestWithAuthentication.call(
				this.context,
				CREDENTIAL,
				{
					method,
					url: `${this.baseUrl}${path}`,
					qs: query,
					body,
					json: true,
					timeout: REQUEST_TIMEOUT_MS,
					disableFollowRedirect: true,
					returnFullResponse: true,
					ignoreHttpStatusErrors: true,
				},
			)) as IN8nHttpFullResponse;
		} catch (error) {
			throw this.error({ kind: 'unreachable', cause: causeOf(error) });
		}
	}

	private error(fault: ApiFault): MindPeekerError {
		return new MindPeekerError(this.context, fault, new URL(this.baseUrl).host);
	}
}

/** The service's own words, without the secret that the request carried. */
function serviceTextOf(answer: unknown, requestBody?: IDataObject): string | undefined {
	const { error, message } = (answer ?? {}) as { error?: unknown; message?: unknown };
	const words = [(error as IDataObject | undefined)?.message, error, message];
	const text = words.find((word): word is string => typeof word === 'string');
	const secret = requestBody?.secret;
	return typeof secret === 'string' ? text?.replaceAll(secret, '…') : text;
}

function causeOf(error: unknown): string {
	const { code, cause, message, messages } = error as {
		code?: string;
		cause?: { code?: string };
		message?: string;
		messages?: string[];
	};
	return [code, cause?.code, message, ...(messages ?? [])].filter(Boolean).join(' ');
}
