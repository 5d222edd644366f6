import { RETRY_WINDOW_MS } from '../../shared/delivery';
import { Ledger } from './ledger';
import { perNode } from '../perNode';

const LIMITS = { capacity: 200_000, keepMs: RETRY_WINDOW_MS };

/** The ledger of a node in its workflow, for as long as this process lives. */
export const ledgerOf = perNode(({ logger }) => {
	return new Ledger(LIMITS, () => {
		logger.warn(
			`MindPeeker Trigger received more than ${LIMITS.capacity / 2} events within MindPeeker's retry window; the oldest are no longer recognised when they are delivered again.`,
		);
	});
});
