import { CREDENTIAL } from '../../../testEnvironment/stage.mts';
import type { Simulator } from '../../../../simulator/index.mts';
import { signedEvent } from '../../load.mts';
import { chain, withWrongSignature, type Contender, type Group } from './contender.mts';

const batchesOf = (batchSize: number) => ({ batchSize, batchWindow: 100 });

/** Our trigger by what is set in its options; the default is durable deduplication, one event for each execution. */
const SETTINGS: Record<string, Record<string, unknown>> = {
	durable: {},
	memory: { deduplication: 'memory' },
	off: { deduplication: 'off' },
	finished: { acknowledge: 'finished' },
	'batches of 10': batchesOf(10),
	'batches of 50': batchesOf(50),
};

/** MindPeeker Trigger, registered with the simulator. */
export function mindPeekerTrigger(simulator: Simulator): Group {
	const contenders = Object.entries(SETTINGS).map(([name, options], index): Contender => {
		const id = `ours-${index}`;
		const webhook = () => simulator.webhooks().find(({ url }) => url.includes(`/${id}-webhook/`))!;
		const delivery = (eventId: string) => signedEvent(eventId, webhook().secret);
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
			workflow: chain(id, [trigger]),
			url: () => webhook().url,
			delivery,
			forged: (eventId) => withWrongSignature(delivery(eventId)),
			refusal: { status: 401, startsExecution: false },
		};
	});
	return { contenders };
}
