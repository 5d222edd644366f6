import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IHttpRequestMethods,
	IHttpRequestOptions,
	IN8nHttpFullResponse,
} from 'n8n-workflow';

import { MAX_ANSWER_BYTES, readAnswerBody, type AnswerBody, type AnswerStream } from './answerBody';
import type { Unreachable } from './apiFault';
import { CREDENTIAL } from './credential';
import { summarizeError } from './summarizeError';
import type { ApiContext } from './mindPeekerError';
import { cancelSignalOf, demandRunning } from './pause';

// The first bounds the time in which nothing comes; a service may also send a byte now and then.
const SILENCE_MS = 10_000;
const WHOLE_ANSWER_MS = 20_000;
const NO_ANSWER_IN_TIME = 'ETIMEDOUT';

export interface Request {
	method: IHttpRequestMethods;
	url: string;
	/** What the request is authenticated with. */
	credential: ICredentialDataDecryptedObject;
	query?: IDataObject;
	body?: IDataObject;
	/** How large the answer may be; `MAX_ANSWER_BYTES` where missing. */
	maxBytes?: number;
}

/** All of an answer, whatever its status. */
export interface Answer {
	readonly status: number;
	/** By their names in lower case. */
	readonly headers: IDataObject;
	readonly content: AnswerBody;
}

/** Makes a request with the API key. Redirects are not followed, and neither time nor size goes beyond the bounds. */
export async function send(context: ApiContext, request: Request): Promise<Answer | Unreachable> {
	const deadline = AbortSignal.timeout(WHOLE_ANSWER_MS);
	const asked = ask(context, request, deadline);
	try {
		const { statusCode, headers, body } = await before(deadline, asked);
		const { maxBytes = MAX_ANSWER_BYTES } = request;
		const content = await readAnswerBody(streamOf(body), maxBytes, deadline);
		return { status: statusCode, headers, content };
	} catch (error) {
		demandRunning(cancelSignalOf(context));
		const cause = deadline.aborted ? NO_ANSWER_IN_TIME : summarizeError(error);
		// Where n8n has put another signal in place of ours, the answer may still come, and be held open.
		asked.then(({ body }) => streamOf(body).destroy()).catch(() => {});
		return { kind: 'unreachable', cause };
	}
}

async function ask(
	context: ApiContext,
	{ method, url, query, body, credential }: Request,
	signal: AbortSignal,
): Promise<IN8nHttpFullResponse> {
	const request: IHttpRequestOptions = {
		method,
		url,
		qs: query,
		body,
		json: true,
		encoding: 'stream',
		timeout: SILENCE_MS,
		// In an execution n8n puts the execution's own in its place.
		abortSignal: signal,
		disableFollowRedirect: true,
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
	};
	// Without it, n8n reads the credential itself, with the expressions evaluated for the first item.
	const credentialsDecrypted = { id: '', name: '', type: CREDENTIAL, data: credential };
	return (await context.helpers.httpRequestWithAuthentication.call(context, CREDENTIAL, request, {
		credentialsDecrypted,
	})) as IN8nHttpFullResponse;
}

/** n8n's types do not know what `encoding` makes of the body. */
function streamOf(body: IN8nHttpFullResponse['body']): AnswerStream {
	return body as unknown as AnswerStream;
}

async function before<T>(deadline: AbortSignal, promise: Promise<T>): Promise<T> {
	return await new Promise((resolve, reject) => {
		const giveUp = () => reject(deadline.reason as Error);
		deadline.addEventListener('abort', giveUp);
		// What listens is kept in memory until the deadline, however early the answer came.
		const stopWaiting = () => deadline.removeEventListener('abort', giveUp);
		void promise.then(resolve, reject).finally(stopWaiting);
	});
}
