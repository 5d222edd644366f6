import type { IDataObject, IHttpRequestMethods } from 'n8n-workflow';

import type { Intermediary, Redirect, Refusal } from './apiFault';
import { formatDetails, isRedirect } from './intermediary';
import { isObject } from './isObject';
import type { Answer } from './transport';
import { isMarkup, readWebPage } from './webPage';

/** Removes secrets from a text. */
type Redact = (text: string) => string;

/** What the response itself says of a refusal. */
type ReadRefusal = Omit<Refusal, 'kind' | 'subject' | 'texts' | 'adviceIfDone'>;

/**
 * Reads a response whose status is good. A page is not from the API, and neither is a text that answers a GET. After
 * other calls a text such as "OK" will do.
 */
export function readSuccess(
	answer: Answer,
	method: IHttpRequestMethods,
	redact: Redact,
): { body: unknown } | { detail: string; intermediary?: Intermediary } {
	const { status, content } = answer;
	if ('body' in content) return content;
	if ('flaw' in content) return { detail: content.flaw };
	if (method !== 'GET' && !isMarkup(content.text)) return { body: content.text };
	const intermediary = findIntermediary(answer, redact);
	return { detail: formatDetails({ status, intermediary }), intermediary };
}

/**
 * Reads a response whose status says no.
 *
 * @param url where the request went
 */
export function readRefusal(answer: Answer, url: string, redact: Redact): ReadRefusal {
	const { status, headers, content } = answer;
	const base = { status, retryAfter: readHeader(headers, 'retry-after') };
	if (isRedirect(status)) return { ...base, redirect: readRedirect(headers, url, redact) };
	const intermediary = findIntermediary(answer, redact);
	if (intermediary) return { ...base, intermediary };
	const body = 'body' in content && isObject(content.body) ? content.body : {};
	const { code, param } = isObject(body.error) ? body.error : {};
	return {
		...base,
		serviceText: redactText(findServiceText(body), redact),
		code: redactText(code, redact),
		param: redactText(param, redact),
		isUnclear: !isObject(body.error),
	};
}

/**
 * What answered in place of the API, which documents JSON and nothing else. An empty response may have come from the
 * API, unless it asks for another login than an API key.
 */
function findIntermediary(
	{ status, headers, content }: Answer,
	redact: Redact,
): Intermediary | undefined {
	const login = status === 401 ? findLoginScheme(headers) : undefined;
	const known = { login, server: redactText(headers.server, redact) };
	if ('text' in content) {
		const page = readWebPage(redact(content.text));
		// Again, since a page may write a secret in entities.
		return { ...known, ...page, title: redact(page.title) };
	}
	const isSilent = 'body' in content && !isObject(content.body);
	return isSilent && login !== undefined ? known : undefined;
}

/** The scheme of a login that takes no API key, such as `Basic`. */
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
	].find(isText);
}

function readHeader(headers: IDataObject, name: string): string | undefined {
	const value = headers[name];
	return isText(value) ? value : undefined;
}

function redactText(text: unknown, redact: Redact): string | undefined {
	return isText(text) ? redact(text) : undefined;
}

function isText(value: unknown): value is string {
	return typeof value === 'string' && value !== '';
}
