import { toSingleLine, toDisplayName, toDisplayText } from '../displayText';

/** Why a request to the API failed. */
export type ApiFailure =
	/** The credential has no valid base URL, so no request was sent. */
	{ kind: 'no-base-url' } | NetworkFailure | HttpFailure | InvalidResponse;

/** No response arrived. */
export interface NetworkFailure {
	kind: 'network';
	/** Codes and messages of the error, such as `ECONNREFUSED`. */
	cause: string;
	/** The hint for the user if the request may have succeeded. */
	hintIfUncertain?: string;
}

/** The status of the response is not 2xx. */
export interface HttpFailure {
	kind: 'http';
	status: number;
	/** The requested resource, such as `webhook wh_1`. */
	subject?: string;
	/** Texts that replace the default ones, by status. */
	errorTexts?: Readonly<Record<number, ErrorText>>;
	/** The hint for the user if the request may have succeeded. */
	hintIfUncertain?: string;
	/** The error message of the service. */
	serviceText?: string;
	/** The error code of the API, such as `invalid_request`. */
	code?: string;
	/** The rejected part of the request, such as `events[0]`. */
	param?: string;
	/** Whether the body is not in the API's error format, so that another server may have responded. */
	hasUnknownFormat?: boolean;
	/** The server that responded instead of the API. */
	intermediary?: Intermediary;
	/** The target of a redirect. */
	redirect?: Redirect;
	retryAfter?: string;
}

/** The status is 2xx, but the body cannot be used. */
export interface InvalidResponse {
	kind: 'invalid-response';
	problem: string;
	/** The hint for the user if the request may have succeeded. */
	hintIfUncertain?: string;
	/** The server that responded instead of the API, if known. */
	intermediary?: Intermediary;
}

/** A firewall, a proxy, a gateway or another web server. */
export interface Intermediary extends Partial<WebPage> {
	/** The authentication scheme that it requires, such as `Basic`. */
	readonly login?: string;
	/** Its `Server` header. */
	readonly server?: string;
}

/** What a response other than JSON reveals about its server. */
export interface WebPage {
	/** Whether it is HTML or XML instead of plain text. */
	readonly isMarkup: boolean;
	/** The title of the page, or the first line of the text. May be empty. */
	readonly title: string;
	/** Whether the server expects HTTPS but received HTTP. */
	readonly expectsHttps: boolean;
}

export interface Redirect {
	readonly host: string;
	/** Whether the target is the same host with HTTPS. */
	readonly isToHttps: boolean;
}

/** The two parts of an error for the user. */
export interface ErrorText {
	/** What happened, as one sentence. */
	readonly message: string;
	/** What to do. */
	readonly hint: string;
}

/** A reason why no response arrived. */
export interface NetworkCause {
	/** Matches the codes and messages of the error. */
	readonly pattern: RegExp;
	/** Follows "MindPeeker could not be reached at …:". */
	readonly message: string;
	readonly hint: string;
	/** An additional hint if the base URL starts with http://. */
	readonly hintForHttp?: string;
	/** Whether to show the error code, because the message covers several. */
	readonly showsCode?: true;
}

export const CHECK_URL = 'Check the environment and the base URL in the MindPeeker credential.';

export const CHECK_URL_AND_VERSION =
	'Check the environment and the base URL in the MindPeeker credential, including its version.';

export const USE_HTTPS =
	'Start the base URL in the MindPeeker credential with https:// instead of http://.';

export const CHECK_PROXY =
	'Check HTTP_PROXY, HTTPS_PROXY and NO_PROXY in the environment of n8n, and the proxy itself.';

const MAX_EXCERPT_LENGTH = 100;

/** @param origin scheme and host, such as `http://127.0.0.1:4010` */
export function formatHost(origin: string): string {
	return toDisplayName(origin.replace(/^https?:\/\//, ''));
}

export function isPlainHttp(origin: string): boolean {
	return origin.startsWith('http://');
}

/** Prepares an external text for use inside a sentence, at most 100 characters. */
export function toExcerpt(text: string): string {
	const line = toSingleLine(text);
	if (line.length <= MAX_EXCERPT_LENGTH) return toDisplayText(line);
	// `toDisplayText` also removes half a surrogate pair at the end.
	return `${toDisplayText(line.slice(0, MAX_EXCERPT_LENGTH - 1))}…`;
}

/** @param retryAfter the `Retry-After` header; only seconds are shown */
export function formatWaitHint(retryAfter = ''): string {
	const time = /^\d{1,6}$/.test(retryAfter) ? `${retryAfter} seconds` : 'a minute';
	return `Wait ${time}, then try again.`;
}
