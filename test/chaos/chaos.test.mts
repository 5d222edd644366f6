import { EVENTS, testChaos } from './harness/testChaos.mts';

testChaos('without a concurrency limit', { events: EVENTS });
