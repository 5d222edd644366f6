import { RETRY_WINDOW_MS } from '../../shared/retrySchedule';
import { voiceOf } from '../journal';
import type { Settings } from '../parameters';
import { perNode } from '../perNode';
import { Ledger } from './ledger';

const LIMITS = { capacity: 200_000, keepMs: RETRY_WINDOW_MS };
const MINUTE_MS = 60_000;

/** The ledger of a node in its workflow, for as long as this process lives. */
export const ledgerOf = perNode((context) => {
	const say = voiceOf(context);
	return new Ledger(LIMITS, () => {
		say(
			'warn',
			`received more than ${LIMITS.capacity / 2} events within MindPeeker's retry window; the oldest are no longer recognised when they are delivered again.`,
		);
	});
});

/**
 * After how long a delivery that n8n has not answered counts as not taken. n8n never answers one whose execution
 * was deleted while it waited for its turn. MindPeeker's sixth attempt, after 42 minutes, is to start another; but
 * only where the database tells them apart, should both come to run.
 */
export function patienceMs({ deduplication }: Settings): number {
	return deduplication === 'durable' ? 30 * MINUTE_MS : LIMITS.keepMs;
}
