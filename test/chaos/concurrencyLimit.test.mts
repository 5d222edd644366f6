import { EVENTS, testChaos } from './harness/testChaos.mts';

testChaos('with two concurrent executions', {
	events: EVENTS / 2,
	concurrencyLimit: 2,
});
