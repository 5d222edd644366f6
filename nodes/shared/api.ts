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
		private readonly secrets: readonly string[],
	) {}

	/** @throws {MindPeekerError} where the credential has no usable base url */
	static async connect(context: Context): Promise<ApiConnection> {
		const credential = await context.getCredentials(CREDENTIAL);
		const baseUrl = baseUrlOf(credential);
		if (!isHttpUrl(baseUrl)) throw new MindPeekerError(context, { kind: 'no-base-url' });
		const { apiKey, signingSecret, previousSigningSecret } = credential;
		const secrets = [apiKey, signingSecret, previousSigningSecret].filter(isText);
		return new ApiConnection(context, baseUrl, secrets);
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
			serviceText: this.redact(serviceTextOf(body), call.body?.secret),
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

	/** The service may repeat what it was sent. */
	private redact(text: string | undefined, sentSecret: unknown): string | undefined {
		const secrets = [...this.secrets, sentSecret].filter(isText);
		return secrets.reduce((redacted, secret) => redacted?.replaceAll(secret, '…'), text);
	}

	private error(fault: ApiFault): MindPeekerError {
		return new MindPeekerError(this.context, fault, new URL(this.baseUrl).host);
	}
}

function serviceTextOf(answer: unknown): string | undefined {
	const { error, message } = (answer ?? {}) as { error?: unknown; message?: unknown };
	return [(error as IDataObject | null | undefined)?.message, error, message].find(isText);
}

function isText(value: unknown): value is string {
	return typeof value === 'string' && value !== '';
}

function isHttpUrl(url: string): boolean {
	return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
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
