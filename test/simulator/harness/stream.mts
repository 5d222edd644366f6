import { afterThisTest } from '../../support/jest.mts';

import type { Change, Snapshot } from '../../../simulator/http/streamMessage.mts';

interface Message {
	event: string;
	data: Snapshot & Change;
}

/** The messages of a stream of server-sent events, as far as they have come. It ends with the test; `ended` tells of an end before that. */
export async function readStream(
	url: string,
): Promise<{ response: Response; messages: Message[]; ended: Promise<void> }> {
	const end = new AbortController();
	afterThisTest(() => end.abort());
	const response = await fetch(url, { signal: end.signal });
	const messages: Message[] = [];
	const ended = collect(response, messages).catch(() => {});
	return { response, messages, ended };
}

async function collect(response: Response, messages: Message[]): Promise<void> {
	let text = '';
	for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
		const parts = (text + chunk).split('\n\n');
		text = parts.pop() ?? '';
		for (const part of parts) {
			const [, event, data] = /^event: (\S+)\ndata: (.*)$/.exec(part) ?? [];
			if (event && data) messages.push({ event, data: JSON.parse(data) });
		}
	}
}
