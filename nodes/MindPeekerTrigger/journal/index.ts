import {
	sleep,
	type IExecuteFunctions,
	type IHookFunctions,
	type IWebhookFunctions,
	type Logger,
} from 'n8n-workflow';

import { perNode } from '../perNode';
import type { Finding } from './finding';
import { lineOf, placeText, type Place } from './line';
import { Tally } from './tally';

export type { Finding } from './finding';
export { placeText, printable } from './line';

const PERIOD_MS = 60_000;

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
		void sleep(PERIOD_MS).then(() => {
			this.tally = undefined;
			this.logger.info(`MindPeeker Trigger: ${tally.summary()} ${placeText(place)}`, {
				...place,
				...tally.numbers,
			});
		});
		return tally;
	}
}

/** The journal of a node in its workflow. */
export const journalOf = perNode(({ logger }) => new Journal(logger));

export function placeOf(context: IHookFunctions | IWebhookFunctions | IExecuteFunctions): Place {
	const { id, name } = context.getWorkflow();
	return { workflowId: String(id), workflowName: String(name), nodeName: context.getNode().name };
}
