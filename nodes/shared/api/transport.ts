import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IHttpRequestMethods,
	IHttpRequestOptions,
	IN8nHttpFullResponse,
} from 'n8n-workflow';

import { isNestedTooDeeply, type JsonValue } from '../values';
import type { ApiContext } from './error';
import type { NetworkFailure } from './failure';
import { isMarkup } from './intermediary';
import { summarizeError } from './networkErrors';
import { getCancelSignal, throwIfCancelled } from './retryPolicy';

/** The name of the credential type. */
export const CREDENTIAL_TYPE = 'mindPeekerApi';

// The idle timeout alone would not end a response that arrives byte by byte.
const IDLE_TIMEOUT_MS = 10_000;
const TOTAL_TIMEOUT_MS = 20_000;
const TIMED_OUT = 'ETIMEDOUT';

const MIB = 1024 * 1024;
/** The size limit of a response. Only session results may be larger. */
export const MAX_RESPONSE_BYTES = MIB;

export interface HttpRequest {
	method: IHttpRequestMethods;
	url: string;
	/** Authenticates the request. */
	credential: ICredentialDataDecryptedObject;
	query?: IDataObject;
	body?: IDataObject;
	/** The size limit of the response. Defaults to `MAX_RESPONSE_BYTES`. */
	maxBytes?: number;
}

/** A complete response with any status. */
export interface HttpResponse {
	readonly status: number;
	/** With names in lower case. */
	readonly headers: IDataObject;
	readonly body: ResponseBody;
}

/** Parsed JSON (an empty string for an empty body), another text, or the reason why the body cannot be used. */
export type ResponseBody =
	| { readonly json: unknown }
	| { readonly text: string }
	| { readonly problem: string };

/** The body of a response as a stream. */
export interface ResponseStream extends AsyncIterable<Uint8Array> {
	destroy(reason?: Error): unknown;
}

/** Sends a request with the API key. Does not follow redirects, and limits the time and size of the response. */
export async function send(
	context: ApiContext,
	options: HttpRequest,
): Promise<HttpResponse | NetworkFailure> {
	const deadline = AbortSignal.timeout(TOTAL_TIMEOUT_MS);
	const pending = request(context, options, deadline);
	try {
		const { statusCode, headers, body } = await withDeadline(deadline, pending);
		const { maxBytes = MAX_RESPONSE_BYTES } = options;
		const content = await readBody(toStream(body), maxBytes, deadline);
		return { status: statusCode, headers, body: content };
	} catch (error) {
		throwIfCancelled(getCancelSignal(context));
		const cause = deadline.aborted ? TIMED_OUT : summarizeError(error);
		// If n8n replaced the signal, the response may still arrive and would keep its connection open.
		pending.then(({ body }) => toStream(body).destroy()).catch(() => {});
		return { kind: 'network', cause };
	}
}

async function request(
	context: ApiContext,
	{ method, url, query, body, credential }: HttpRequest,
	signal: AbortSignal,
): Promise<IN8nHttpFullResponse> {
	const options: IHttpRequestOptions = {
		method,
		url,
		qs: query,
		body,
		json: true,
		encoding: 'stream',
		timeout: IDLE_TIMEOUT_MS,
		// In an execution, n8n replaces this signal with the signal of the execution.
		abortSignal: signal,
		disableFollowRedirect: true,
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
	};
	// Otherwise n8n reads the credential itself, and evaluates its expressions for the first item.
	const credentialsDecrypted = { id: '', name: '', type: CREDENTIAL_TYPE, data: credential };
	const { httpRequestWithAuthentication } = context.helpers;
	return (await httpRequestWithAuthentication.call(context, CREDENTIAL_TYPE, options, {
		credentialsDecrypted,
	})) as IN8nHttpFullResponse;
}

/** n8n's types do not include streams. */
function toStream(body: IN8nHttpFullResponse['body']): ResponseStream {
	return body as unknown as ResponseStream;
}

async function withDeadline<T>(deadline: AbortSignal, promise: Promise<T>): Promise<T> {
	return await new Promise((resolve, reject) => {
		const onAbort = () => reject(deadline.reason as Error);
		deadline.addEventListener('abort', onAbort);
		// Otherwise the listener would stay in memory until the deadline.
		const removeListener = () => deadline.removeEventListener('abort', onAbort);
		void promise.then(resolve, reject).finally(removeListener);
	});
}

/**
 * Reads the body of a response, up to the size limit. If a page is larger, its beginning is returned, which identifies
 * its server.
 *
 * @throws if the signal is aborted, or the stream breaks
 */
export async function readBody(
	stream: ResponseStream,
	maxBytes: number,
	signal: AbortSignal,
): Promise<ResponseBody> {
	// With the reason of the signal, the HTTP client of older n8n versions throws an uncaught exception.
	const stop = () => stream.destroy(new Error('The response timed out'));
	signal.addEventListener('abort', stop);
	try {
		const chunks: Uint8Array[] = [];
		let bytes = 0;
		for await (const chunk of stream) {
			bytes += chunk.length;
			chunks.push(chunk);
			if (bytes > maxBytes) return rejectTooLarge(Buffer.concat(chunks).toString(), maxBytes);
		}
		return parseBody(Buffer.concat(chunks).toString());
	} finally {
		signal.removeEventListener('abort', stop);
	}
}

function rejectTooLarge(start: string, maxBytes: number): ResponseBody {
	if (isMarkup(start)) return { text: start };
	return { problem: `its response is larger than ${maxBytes / MIB} MiB` };
}

function parseBody(text: string): ResponseBody {
	if (text.trim() === '') return { json: '' };
	try {
		const json = JSON.parse(text) as JsonValue;
		return isNestedTooDeeply(json) ? { problem: 'its response is nested too deeply' } : { json };
	} catch {
		return { text };
	}
}
