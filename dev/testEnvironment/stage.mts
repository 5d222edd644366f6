import { installN8n, startN8n, type N8n, type N8nOptions } from '../lab/index.mts';
import { packedPackage } from './packedPackage.mts';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../simulator/index.mts';

/** What a workflow names the credential by. */
export const CREDENTIAL = { mindPeekerApi: { id: 'mindpeeker', name: 'MindPeeker' } };

/** A real n8n that has this package, and the simulator that its credential leads to. */
export interface Stage {
	n8n: N8n;
	simulator: Simulator;
	close(): Promise<void>;
}

export interface StageOptions {
	n8n?: Partial<N8nOptions>;
	simulator?: SimulatorOptions;
	onProgress?: (line: string) => void;
}

/** Builds the package, and starts both. Rejects with an error whose message says what to do. */
export async function setStage(options: StageOptions = {}): Promise<Stage> {
	const { onProgress = () => {} } = options;
	const { installation, packages } = await gather(onProgress);
	const simulator = await startSimulator(options.simulator);
	try {
		onProgress('Starting n8n');
		const n8n = await startN8n({
			installation,
			...options.n8n,
			packages: [...packages, ...(options.n8n?.packages ?? [])],
			credentials: [credentialFor(simulator)],
		});
		const close = async () => {
			await n8n.stop().finally(async () => await simulator.close());
		};
		return { n8n, simulator, close };
	} catch (error) {
		await simulator.close();
		throw error;
	}
}

/** An n8n, and this package built and packed. Rejects with an error whose message says what to do. */
export async function gather(
	onProgress: (line: string) => void = () => {},
): Promise<Required<Pick<N8nOptions, 'installation' | 'packages'>>> {
	const installation = await installN8n({ onProgress });
	return { installation, packages: [await packedPackage(onProgress)] };
}

/** The credential that leads to the simulator, with fields laid over it. */
export function credentialFor(simulator: Simulator, fields: Record<string, unknown> = {}) {
	const { id, name } = CREDENTIAL.mindPeekerApi;
	const { apiKey, baseUrl } = simulator;
	return {
		id,
		name,
		type: 'mindPeekerApi',
		data: { apiKey, environment: 'custom', baseUrl, ...fields },
	};
}
