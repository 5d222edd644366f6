import { afterThisTest } from '../../support/jest.mts';

import type { Change, Snapshot } from '../../../simulator/http/changeMessages.mts';

interface FeedMessage {
	event: string;
	data: Snapshot & Change;
}

/** Reads server-sent events until the end of the test. `ended` resolves when the feed ends. */
export async function readChangeFeed(
	url: string,
): Promise<{ response: Response; messages: FeedMessage[]; ended: Promise<void> }> {
	const controller = new AbortController();
	afterThisTest(() => controller.abort());
	const response = await fetch(url, { signal: controller.signal });
	const messages: FeedMessage[] = [];
	const ended = collect(response, messages).catch(() => {});
	return { response, messages, ended };
}

async function collect(response: Response, messages: FeedMessage[]): Promise<void> {
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
