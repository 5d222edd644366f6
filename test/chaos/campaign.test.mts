import { EVENTS, tryCampaign } from './harness/tryCampaign.mts';

tryCampaign('with all executions at once', { events: EVENTS });
