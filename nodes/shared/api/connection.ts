import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IHttpRequestMethods,
} from 'n8n-workflow';

import { toDisplayText } from '../displayText';
import { isBlank, isHttpUrl, isNonEmptyString } from '../values';
import { MindPeekerApiError, MindPeekerOperationError, type ApiContext } from './error';
import type { ApiFailure, ErrorText } from './failure';
import { readFailure, readTextResponse } from './response';
import type { RequestResult, RetryPolicy } from './retryPolicy';
import { CREDENTIAL_TYPE, send } from './transport';

/** The base URLs of the API, by the `environment` of the credential. */
export const BASE_URLS = {
	production: 'https://api.mindpeeker.com/v1',
	staging: 'https://staging-api.mindpeeker.com/v1',
	development: 'https://dev-api.mindpeeker.com/v1',
} as const;

/** The environment in which the user enters the base URL, for example of the simulator. */
export const CUSTOM_ENVIRONMENT = 'custom';

/** Returns the base URL without a trailing slash. Empty if a custom one is missing. */
export function getBaseUrl(credential: { environment?: unknown; baseUrl?: unknown }): string {
	const known = BASE_URLS[credential.environment as keyof typeof BASE_URLS];
	const custom = typeof credential.baseUrl === 'string' ? credential.baseUrl : '';
	return known ?? custom.trim().replace(/\/+$/, '');
}

/** `getBaseUrl` as an n8n expression, for declarative requests. */
export const BASE_URL_EXPRESSION = `={{ (${JSON.stringify(BASE_URLS)})[$credentials.environment] || ($credentials.baseUrl || '').trim().replace(/\\/+$/, '') }}`;

export interface ApiRequest {
	method: IHttpRequestMethods;
	/** Relative to the base URL, with a leading slash. */
	path: string;
	query?: IDataObject;
	body?: IDataObject;
	/** The size limit of the response. */
	maxBytes?: number;
	/** The requested resource for the text of a 404, such as `webhook wh_1`. */
	subject?: string;
	/** Texts that replace the default ones, by status. */
	errorTexts?: Readonly<Record<number, ErrorText>>;
	/** The hint for the user if the request may have succeeded. */
	hintIfUncertain?: string;
	/** Statuses that count as success, if the API itself responds with them. */
	acceptedStatuses?: number[];
	/** Additional accepted statuses if an earlier attempt may have succeeded. */
	acceptedStatusesOnRetry?: number[];
}

/** For requests in the editor, while a user waits. */
const DEFAULT_TOTAL_TIMEOUT_MS = 120_000;

const NO_API_KEY: ErrorText = {
	message: 'The MindPeeker credential has no API key',
	hint: 'Enter the API key. If it is an expression, check its result.',
};

/** Sends requests to MindPeeker's API with the credential of a node. */
export class ApiConnection {
	/** Secrets that are removed from all texts of the service. */
	private readonly secrets = new Set<string>();

	private constructor(
		private readonly context: ApiContext,
		private readonly credential: ICredentialDataDecryptedObject,
		private readonly baseUrl: string,
		private readonly retryPolicy?: RetryPolicy,
	) {}

	/**
	 * @param retryPolicy Without it, each request is sent once.
	 * @param itemCredential The credential with its expressions evaluated for an item.
	 * @throws {MindPeekerApiError} if the credential has no valid base URL
	 * @throws {MindPeekerOperationError} if the credential has no API key
	 */
	static async connect(
		context: ApiContext,
		retryPolicy?: RetryPolicy,
		itemCredential?: ICredentialDataDecryptedObject,
	): Promise<ApiConnection> {
		const credential: ICredentialDataDecryptedObject =
			itemCredential ?? (await context.getCredentials(CREDENTIAL_TYPE));
		const baseUrl = getBaseUrl(credential);
		if (!isHttpUrl(baseUrl)) throw new MindPeekerApiError(context, { kind: 'no-base-url' });
		const { apiKey, signingSecret, previousSigningSecret } = credential;
		if (!isKey(apiKey)) throw new MindPeekerOperationError(context, NO_API_KEY);
		const connection = new ApiConnection(context, credential, baseUrl, retryPolicy);
		connection.addRedaction(String(apiKey), signingSecret, previousSigningSecret);
		return connection;
	}

	/** The total time for requests that belong together, such as all pages of a list, in milliseconds. */
	get totalTimeoutMs(): number {
		return this.retryPolicy?.limits.maxTotalMs ?? DEFAULT_TOTAL_TIMEOUT_MS;
	}

	/** Removes these secrets from all texts of the service, which may repeat them. */
	addRedaction(...secrets: unknown[]): void {
		for (const secret of secrets.filter(isNonEmptyString)) {
			// HTTP drops white space around the value of a header.
			for (const text of [secret, secret.trim()].filter(isNonEmptyString)) this.secrets.add(text);
		}
	}

	/**
	 * Returns the body of the response.
	 *
	 * @throws {MindPeekerApiError} if no response arrives, or its status is not accepted
	 */
	async request(options: ApiRequest): Promise<unknown> {
		this.addRedaction(options.body?.secret);
		const attempt = async (mayHaveSucceeded: boolean) =>
			await this.attempt(options, mayHaveSucceeded);
		const result = this.retryPolicy
			? await this.retryPolicy.run(attempt, options.method !== 'POST')
			: await attempt(false);
		if (!result.failure) return result.body;
		throw this.toError(result.failure);
	}

	/** Prepares a text of the service for display. */
	toDisplay(text: string): string {
		return toDisplayText(this.redact(text));
	}

	/** Creates an error for a response with an accepted status but an unusable body. */
	createInvalidResponseError(problem: string, hintIfUncertain?: string): MindPeekerApiError {
		return this.toError({ kind: 'invalid-response', problem, hintIfUncertain });
	}

	private async attempt(options: ApiRequest, mayHaveSucceeded: boolean): Promise<RequestResult> {
		const { method, path, subject, errorTexts, hintIfUncertain } = options;
		const { acceptedStatuses = [], acceptedStatusesOnRetry = [] } = options;
		const url = `${this.baseUrl}${path}`;
		const { credential } = this;
		const response = await send(this.context, { ...options, url, credential });
		const redact = (text: string) => this.redact(text);
		if ('kind' in response) {
			return { failure: { ...response, cause: redact(response.cause), hintIfUncertain } };
		}
		const { status, body } = response;
		if (status >= 200 && status < 300) {
			if ('json' in body) return { body: body.json };
			const result = readTextResponse({ ...response, body }, method, redact);
			if ('body' in result) return result;
			return { failure: { kind: 'invalid-response', ...result, hintIfUncertain } };
		}
		const accepted = mayHaveSucceeded
			? [...acceptedStatuses, ...acceptedStatusesOnRetry]
			: acceptedStatuses;
		if (accepted.includes(status) && 'json' in body) return { body: body.json };
		const details = readFailure(response, url, redact);
		return { failure: { kind: 'http', ...details, subject, errorTexts, hintIfUncertain } };
	}

	private redact(text: string): string {
		// The longest first, because a secret can be the prefix of another one.
		const longestFirst = [...this.secrets].sort((a, b) => b.length - a.length);
		return longestFirst.reduce((redacted, secret) => redacted.replaceAll(secret, '…'), text);
	}

	private toError(failure: ApiFailure): MindPeekerApiError {
		return new MindPeekerApiError(this.context, failure, new URL(this.baseUrl).origin);
	}
}

/** An expression can return a number. */
function isKey(value: unknown): boolean {
	return typeof value === 'number' || (isNonEmptyString(value) && !isBlank(value));
}
