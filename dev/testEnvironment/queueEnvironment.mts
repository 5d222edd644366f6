import { createCredential, prepareN8n } from './testEnvironment.mts';
import type { WorkflowImport } from '../lab/index.mts';
import { QueueMode } from '../lab/queue/queueMode.mts';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../simulator/index.mts';
import { ReverseProxy } from './reverseProxy.mts';

/** A real n8n in queue mode with this package, a reverse proxy in front of it, and the simulator. */
export interface QueueEnvironment {
	n8n: QueueMode;
	reverseProxy: ReverseProxy;
	simulator: Simulator;
	close(): Promise<void>;
}

export interface QueueEnvironmentOptions {
	webhookProcesses: number;
	workers: number;
	workflows: WorkflowImport[];
	env?: Record<string, string>;
	simulator?: SimulatorOptions;
}

/** Builds the package and starts all three. Rejects with an error whose message says what to do. */
export async function startQueueEnvironment(
	options: QueueEnvironmentOptions,
): Promise<QueueEnvironment> {
	const { env, simulator: simulatorOptions, ...others } = options;
	const n8nAndPackage = await prepareN8n();
	const simulator = await startSimulator(simulatorOptions);
	const reverseProxy = await new ReverseProxy().start();
	const closeOthers = async () => {
		await simulator.close();
		await reverseProxy.stop();
	};
	try {
		const n8n = await QueueMode.start({
			...n8nAndPackage,
			...others,
			editor: false,
			credentials: [createCredential(simulator)],
			env: { WEBHOOK_URL: reverseProxy.url, ...env },
		});
		reverseProxy.setTargets(...n8n.webhookProcesses.map(({ url }) => url));
		reverseProxy.setMain(n8n.main.url);
		const close = async () => {
			await n8n.stop();
			await closeOthers();
		};
		return { n8n, reverseProxy, simulator, close };
	} catch (error) {
		await closeOthers();
		throw error;
	}
}
