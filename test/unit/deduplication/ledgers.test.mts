import type { IWebhookFunctions } from 'n8n-workflow';
import { expect, it, jest } from '@jest/globals';

import { ledgerOf } from '../../../nodes/MindPeekerTrigger/deduplication/ledgers.ts';

it('the log says when a ledger forgets events that may still be delivered again', () => {
	const warn = jest.fn();
	const ledger = ledgerOf({
		getNode: () => ({ id: 'node-1', name: 'MindPeeker Trigger' }),
		getWorkflow: () => ({ id: 'workflow-1', name: 'Events' }),
		logger: { warn },
	} as unknown as IWebhookFunctions);
	for (let event = 0; event <= 200_000; event++) {
		const entry = ledger.enter(`evt_${event}`, 0, 1);
		if (entry.kind === 'first') entry.settle(true, 0);
	}
	expect(warn.mock.calls.map(([message]) => message)).toEqual([
		expect.stringMatching(/: received more than 100000 events within MindPeeker's retry window/),
	]);
});
