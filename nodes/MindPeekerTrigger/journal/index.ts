import {
	sleep,
	type IExecuteFunctions,
	type IHookFunctions,
	type IWebhookFunctions,
	type Logger,
} from 'n8n-workflow';

import { nodeOf, perNode } from '../perNode';
import type { Finding } from './finding';
import { lineOf, printable, sentence, type Place } from './line';
import { Tally } from './tally';

export type { Finding } from './finding';

const PERIOD_MS = 60_000;
const MAX_SENTENCE_LENGTH = 1_000;

/**
 * Tells n8n's log of each delivery, and once a minute, while there are any, of their numbers. A flood is
 * counted, and not told one by one.
 */
export class Journal {
	private tally?: Tally;

	constructor(private readonly logger: Logger) {}

	write(finding: Finding, place: Place): void {
		this.tally ??= this.begin(place);
		const { isTold, isLast } = this.tally.note(finding);
		if (!isTold) return;
		const { level, message, metadata } = lineOf(finding, place);
		const end = isLast ? ' More of this kind are only counted for the rest of the minute.' : '';
		this.logger[level](message + end, metadata);
	}

	private begin(place: Place): Tally {
		const tally = new Tally();
		const tell = () => {
			this.tally = undefined;
			this.logger.info(sentence(tally.summary(), place), { ...place, ...tally.numbers });
		};
		// A log that fails must not end n8n's process, as an unhandled rejection does.
		void sleep(PERIOD_MS)
			.then(tell)
			.catch(() => {});
		return tally;
	}
}

/** The journal of a node in its workflow. */
export const journalOf = perNode(({ logger }) => new Journal(logger));

/** Tells n8n's log of something that happened to a node in its workflow, which stand beside. */
export type Voice = (
	level: 'debug' | 'info' | 'warn',
	text: string,
	metadata?: Record<string, unknown>,
) => void;

type Context = IHookFunctions | IWebhookFunctions | IExecuteFunctions;

export function voiceOf(context: Context): Voice {
	const { logger } = context;
	const place = placeOf(context);
	return (level, text, metadata) =>
		logger[level](sentence(printable(text, MAX_SENTENCE_LENGTH), place), { ...place, ...metadata });
}

export function placeOf(context: Context): Place {
	const { id, name } = context.getWorkflow();
	return { workflowId: String(id), workflowName: String(name), nodeName: nodeOf(context).name };
}
