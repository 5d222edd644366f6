import { CREDENTIAL } from '../../../testEnvironment/testEnvironment.mts';
import type { Simulator } from '../../../../simulator/index.mts';
import { createSignedEvent } from '../../load.mts';
import { createWorkflow, forge, type Candidate, type CandidateGroup } from './candidate.mts';

/** Options of the trigger by candidate. `durable` has the defaults: durable deduplication, one event per execution. */
const OPTIONS: Record<string, Record<string, unknown>> = {
	durable: {},
	memory: { deduplication: 'memory' },
	off: { deduplication: 'off' },
	finished: { acknowledge: 'finished' },
	'batches of 50': { batchSize: 50 },
	'batches of 50 (off)': { batchSize: 50, deduplication: 'off' },
	'batches of 50 in 100 ms': { batchSize: 50, batchWindow: 100 },
};

/** The MindPeeker Trigger of this package, registered with the simulator. */
export function createMindPeekerCandidates(simulator: Simulator): CandidateGroup {
	const candidates = Object.entries(OPTIONS).map(([name, options], index): Candidate => {
		const id = `mindpeeker-${index}`;
		const webhook = () => simulator.webhooks().find(({ url }) => url.includes(`/${id}-webhook/`))!;
		const createDelivery = (eventId: string) => createSignedEvent(eventId, webhook().secret);
		const trigger = {
			id: `${id}-trigger`,
			name: 'MindPeeker Trigger',
			type: 'n8n-nodes-mindpeeker.mindPeekerTrigger',
			typeVersion: 1.1,
			webhookId: `${id}-webhook`,
			parameters: { events: ['*'], options },
			credentials: CREDENTIAL,
		};
		return {
			name,
			workflow: createWorkflow(id, [trigger]),
			url: () => webhook().url,
			createDelivery,
			createForgery: (eventId) => forge(createDelivery(eventId)),
			rejection: { status: 401, startsExecution: false },
		};
	});
	return { candidates };
}
