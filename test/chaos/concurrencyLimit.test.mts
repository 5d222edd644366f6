import { EVENTS, testChaos } from './harness/testChaos.mts';

testChaos('with batches and two concurrent executions', {
	events: EVENTS / 2,
	batchSize: 20,
	concurrencyLimit: 2,
});
