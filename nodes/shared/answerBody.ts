import type { JsonValue } from './events';
import { isNestedTooDeeply } from './nesting';
import { isMarkup } from './webPage';

const MIB = 1024 * 1024;
/** Nothing that MindPeeker answers is as large, but for the results of a session. */
export const MAX_ANSWER_BYTES = MIB;

/** The bytes of an answer as they come. */
export interface AnswerStream extends AsyncIterable<Uint8Array> {
	destroy(reason?: Error): unknown;
}

/**
 * The content of a response: `body` is parsed JSON, or empty if nothing came. `text` is anything else. `flaw` says why
 * it cannot be used.
 */
export type AnswerBody =
	| { readonly body: unknown }
	| { readonly text: string }
	| { readonly flaw: string };

/**
 * Reads the body of a response to its end, and no further than it may be large. Of a larger page, the beginning is
 * returned, which says whose it is.
 *
 * @throws where the signal comes first, and whatever cuts the stream
 */
export async function readAnswerBody(
	stream: AnswerStream,
	maxBytes: number,
	signal: AbortSignal,
): Promise<AnswerBody> {
	// With the signal's reason, the HTTP client of older n8n throws where nobody can catch it.
	const stop = () => stream.destroy(new Error('The answer came too late'));
	signal.addEventListener('abort', stop);
	try {
		const chunks: Uint8Array[] = [];
		let bytes = 0;
		for await (const chunk of stream) {
			bytes += chunk.length;
			chunks.push(chunk);
			if (bytes > maxBytes) return refuseTooLarge(Buffer.concat(chunks).toString(), maxBytes);
		}
		return parseBody(Buffer.concat(chunks).toString());
	} finally {
		signal.removeEventListener('abort', stop);
	}
}

function refuseTooLarge(start: string, maxBytes: number): AnswerBody {
	if (isMarkup(start)) return { text: start };
	return { flaw: `its answer is larger than ${maxBytes / MIB} MiB` };
}

function parseBody(text: string): AnswerBody {
	if (text.trim() === '') return { body: '' };
	try {
		const body = JSON.parse(text) as JsonValue;
		return isNestedTooDeeply(body) ? { flaw: 'its answer is nested too deeply' } : { body };
	} catch {
		return { text };
	}
}
