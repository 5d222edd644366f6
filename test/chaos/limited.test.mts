import { EVENTS, tryCampaign } from './harness/tryCampaign.mts';

tryCampaign('with two executions at a time, for which answers wait', {
	events: EVENTS / 2,
	concurrencyLimit: 2,
});
