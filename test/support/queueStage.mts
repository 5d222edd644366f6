import { credentialFor, gather } from '../../dev/testEnvironment/stage.mts';
import type { WorkflowImport } from '../../dev/lab/index.mts';
import { QueueMode } from '../../dev/lab/queue/index.mts';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../simulator/index.mts';
import { Gate } from './gate.mts';

/** A real n8n in queue mode that has this package, a reverse proxy in front of it, and the simulator. */
export interface QueueStage {
	n8n: QueueMode;
	gate: Gate;
	simulator: Simulator;
	close(): Promise<void>;
}

export interface QueueStageOptions {
	webhookProcesses: number;
	workers: number;
	workflows: WorkflowImport[];
	env?: Record<string, string>;
	simulator?: SimulatorOptions;
}

/** Rejects with an error whose message says what to do. */
export async function setQueueStage(options: QueueStageOptions): Promise<QueueStage> {
	const { env, simulator: simulatorOptions, ...others } = options;
	const whatRuns = await gather();
	const simulator = await startSimulator(simulatorOptions);
	const gate = await new Gate().start();
	const closeFront = async () => {
		await simulator.close();
		await gate.stop();
	};
	try {
		const n8n = await QueueMode.start({
			...whatRuns,
			...others,
			editor: false,
			credentials: [credentialFor(simulator)],
			env: { WEBHOOK_URL: gate.url, ...env },
		});
		gate.leadTo(...n8n.webhookProcesses.map(({ url }) => url));
		const close = async () => {
			await n8n.stop();
			await closeFront();
		};
		return { n8n, gate, simulator, close };
	} catch (error) {
		await closeFront();
		throw error;
	}
}
