import type { IExecuteFunctions, IWebhookFunctions } from 'n8n-workflow';

import { RETRY_WINDOW_MS } from '../shared/delivery';
import { Ledger } from './ledger';

const LIMITS = { capacity: 200_000, keepMs: RETRY_WINDOW_MS };

const ledgers = new Map<string, Ledger>();

/** The ledger of a node in its workflow, for as long as this process lives. */
export function ledgerOf(context: IWebhookFunctions | IExecuteFunctions): Ledger {
	const { logger } = context;
	const key = `${context.getWorkflow().id} ${context.getNode().id}`;
	const ledger =
		ledgers.get(key) ??
		new Ledger(LIMITS, () => {
			logger.warn(
				`MindPeeker Trigger received more than ${LIMITS.capacity / 2} events within MindPeeker's retry window; the oldest are no longer recognised when they are delivered again.`,
			);
		});
	ledgers.set(key, ledger);
	return ledger;
}
