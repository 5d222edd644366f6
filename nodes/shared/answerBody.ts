import type { JsonValue } from './events';
import { isNestedTooDeeply } from './nesting';

const MIB = 1024 * 1024;
/** Nothing that MindPeeker answers is as large, but for the results of a session. */
export const MAX_ANSWER_BYTES = MIB;

/** The bytes of an answer as they come. */
export interface AnswerStream extends AsyncIterable<Uint8Array> {
	destroy(reason?: Error): unknown;
}

/** What an answer says; `flaw` is what keeps it from being taken. */
export type AnswerBody = { readonly body: unknown } | { readonly flaw: string };

/**
 * Reads the body of an answer to its end: JSON, or the text where it is none. Of one that is larger than it may be, no
 * more is taken in.
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
			if (bytes > maxBytes) return { flaw: `its answer is larger than ${maxBytes / MIB} MiB` };
			chunks.push(chunk);
		}
		return valueOf(Buffer.concat(chunks).toString());
	} finally {
		signal.removeEventListener('abort', stop);
	}
}

function valueOf(text: string): AnswerBody {
	const body = parse(text);
	if (isNestedTooDeeply(body)) return { flaw: 'its answer is nested too deeply' };
	return { body };
}

function parse(text: string): JsonValue {
	try {
		return JSON.parse(text) as JsonValue;
	} catch {
		return text;
	}
}
