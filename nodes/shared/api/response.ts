import type { IDataObject, IHttpRequestMethods } from 'n8n-workflow';

import { isNonEmptyString, isObject } from '../values';
import type { HttpFailure, Intermediary, Redirect } from './failure';
import { formatDetails, isMarkup, isRedirect, readWebPage } from './intermediary';
import type { HttpResponse, ResponseBody } from './transport';

/** Removes secrets from a text. */
type Redact = (text: string) => string;

/** The properties of a failure that come from the response. */
type FailureDetails = Omit<HttpFailure, 'kind' | 'subject' | 'errorTexts' | 'hintIfUncertain'>;

/**
 * Reads a response with a 2xx status whose body is not JSON. An HTML page does not come from the API. Plain text does
 * not either, unless the method changes something: then "OK" is enough.
 */
export function readTextResponse(
	response: HttpResponse & { readonly body: Exclude<ResponseBody, { readonly json: unknown }> },
	method: IHttpRequestMethods,
	redact: Redact,
): { body: unknown } | { problem: string; intermediary?: Intermediary } {
	const { status, body } = response;
	if ('problem' in body) return body;
	if (method !== 'GET' && !isMarkup(body.text)) return { body: body.text };
	const intermediary = findIntermediary(response, redact);
	return { problem: formatDetails({ status, intermediary }), intermediary };
}

/**
 * Reads a response with any other status.
 *
 * @param url the requested URL
 */
export function readFailure(response: HttpResponse, url: string, redact: Redact): FailureDetails {
	const { status, headers, body } = response;
	const base = { status, retryAfter: readHeader(headers, 'retry-after') };
	if (isRedirect(status)) return { ...base, redirect: readRedirect(headers, url, redact) };
	const intermediary = findIntermediary(response, redact);
	if (intermediary) return { ...base, intermediary };
	const json = 'json' in body && isObject(body.json) ? body.json : {};
	const { code, param } = isObject(json.error) ? json.error : {};
	return {
		...base,
		serviceText: redactText(findServiceText(json), redact),
		code: redactText(code, redact),
		param: redactText(param, redact),
		hasUnknownFormat: !isObject(json.error),
	};
}

/**
 * Returns the server that responded instead of the API, which documents only JSON. An empty response can come from the
 * API, unless it requires another login than an API key.
 */
function findIntermediary(
	{ status, headers, body }: HttpResponse,
	redact: Redact,
): Intermediary | undefined {
	const login = status === 401 ? findLoginScheme(headers) : undefined;
	const known = { login, server: redactText(headers.server, redact) };
	if ('text' in body) {
		const page = readWebPage(redact(body.text));
		// Redacted twice, because HTML entities can hide a secret.
		return { ...known, ...page, title: redact(page.title) };
	}
	const isNotObject = 'json' in body && !isObject(body.json);
	return isNotObject && login !== undefined ? known : undefined;
}

/** Returns an authentication scheme that does not accept an API key, such as `Basic`. */
function findLoginScheme(headers: IDataObject): string | undefined {
	const [scheme] = /^[a-z-]+/i.exec(readHeader(headers, 'www-authenticate') ?? '') ?? [];
	return scheme === undefined || /^(bearer|.*api-?key)$/i.test(scheme) ? undefined : scheme;
}

function readRedirect(headers: IDataObject, url: string, redact: Redact): Redirect | undefined {
	const location = readHeader(headers, 'location');
	if (location === undefined || !URL.canParse(location, url)) return undefined;
	const [from, to] = [new URL(url), new URL(location, url)];
	if (to.host === '') return undefined;
	const isToHttps = from.protocol === 'http:' && to.protocol === 'https:';
	return { host: redact(to.host), isToHttps: isToHttps && from.hostname === to.hostname };
}

function findServiceText({ error, message, ...others }: IDataObject): unknown {
	const [first] = [others.errors].flat();
	return [
		isObject(error) ? error.message : error,
		message,
		others.error_description,
		others.detail,
		others.title,
		isObject(first) ? first.message : first,
	].find(isNonEmptyString);
}

function readHeader(headers: IDataObject, name: string): string | undefined {
	const value = headers[name];
	return isNonEmptyString(value) ? value : undefined;
}

function redactText(text: unknown, redact: Redact): string | undefined {
	return isNonEmptyString(text) ? redact(text) : undefined;
}
