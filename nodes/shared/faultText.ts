import { inOneLine, presentable, withId } from './serviceText';

/** What the user is told. */
export interface FaultText {
	/** What happened, in a sentence. */
	readonly message: string;
	/** What to do. */
	readonly advice: string;
}

export const CHECK_URL = 'Check the environment and the base URL in the MindPeeker credential.';

export const CHECK_URL_AND_VERSION =
	'Check the environment and the base URL in the MindPeeker credential, including its version.';

export const BEGIN_WITH_HTTPS =
	'Begin the base URL in the MindPeeker credential with https:// instead of http://.';

export const CHECK_PROXY =
	'Check HTTP_PROXY, HTTPS_PROXY and NO_PROXY in the environment of n8n, and the proxy itself.';

const MAX_QUOTED = 100;

/** @param origin scheme and host, such as `http://127.0.0.1:4010` */
export function formatHost(origin: string): string {
	return withId(origin.replace(/^https?:\/\//, ''));
}

export function isPlainHttp(origin: string): boolean {
	return origin.startsWith('http://');
}

/** A text from outside as a part of a sentence: one line, not long, and without words by which n8n acts. */
export function toExcerpt(text: string): string {
	const line = inOneLine(text);
	if (line.length <= MAX_QUOTED) return presentable(line);
	// Half a character may be at the end, which is removed with the rest.
	return `${presentable(line.slice(0, MAX_QUOTED - 1))}…`;
}

/** @param retryAfter the header, of which only seconds are shown */
export function adviseToWait(retryAfter = ''): string {
	const time = /^\d{1,6}$/.test(retryAfter) ? `${retryAfter} seconds` : 'a minute';
	return `Wait ${time}, then try again.`;
}
